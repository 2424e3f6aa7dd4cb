// weft completion: words for the shell.
// SPDX-License-Identifier: Apache-2.0
#include "cli/command_words.hpp"
#include "cli/setup.hpp"
#include "cli/verbs.hpp"

namespace weft::cli {

Outcome run_completion(const std::string& shell) {
  const std::vector<std::string> shells = {"bash", "zsh"};
  return {.results = completion(command_words(), shells[choose("shell", shell, shells)])};
}

}  // namespace weft::cli
