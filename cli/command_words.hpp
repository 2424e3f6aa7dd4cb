// The command line as words: for the first page, completion and the manual page.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

namespace weft::cli {

struct OptionWords {
  std::string name{};     // "--arch"
  std::string summary{};  // "accelerator: a preset's name or a file"
  bool value = true;      // takes one
};

struct VerbWords {
  std::string name{};
  std::string summary{};
  std::vector<std::string> places{};  // words that stand without an option: "files"
  std::vector<OptionWords> options{};
};

// Every verb in the order of --help, as the command line understands it.
[[nodiscard]] std::vector<VerbWords> command_words();

// What `weft` alone says: first steps, then the verbs.
[[nodiscard]] std::string overview(const std::vector<VerbWords>& verbs);
// "bash" or "zsh": a script that completes verbs, options, names of presets and files.
[[nodiscard]] std::string completion(const std::vector<VerbWords>& verbs, const std::string& shell);
// The manual page, in the language of man(7).
[[nodiscard]] std::string manual(const std::vector<VerbWords>& verbs);

}  // namespace weft::cli
