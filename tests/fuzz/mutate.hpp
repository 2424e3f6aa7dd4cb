// Inputs that are almost right: files of a corpus, changed here and there.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "base/rng.hpp"

namespace weft::fuzz {

// Corpus files and the words in them; the same seed gives the same inputs.
class Mutator {
 public:
  Mutator(std::vector<std::string> corpus, std::uint64_t seed);
  // A file of the corpus with one to eight changes: bits, bytes, lines, words and numbers replaced, removed,
  // doubled or moved, the end cut off, another file's part put in.
  [[nodiscard]] std::string next();

 private:
  void change(std::string& text);
  void change_range(std::string& text);
  [[nodiscard]] std::size_t place(const std::string& text);
  [[nodiscard]] std::string word();

  std::vector<std::string> corpus_;
  std::vector<std::string> words_;
  Rng rng_;
};

}  // namespace weft::fuzz
