// How Weft fails: a bad file is a ConfigError with every diagnostic of that file, a broken invariant
// is an InternalError. A rejected mapping is neither: it is data (see dataflow/legality.hpp).
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace weft {

// A place in a text file. Lines and columns count from 1; line 0 means "the file as a whole".
struct SourceLoc {
  std::string file;
  int line = 0;
  int column = 0;
};

// One problem of a user's input. `code` is a stable kebab-case word listed in configs/README.md.
struct Diagnostic {
  SourceLoc where;
  std::string code;
  std::string message;
  std::string hint;       // empty: none
  int length = 1;         // characters underlined in the excerpt
  std::string excerpt{};  // the source line, filled by the reader; empty: none is printed
};

// Compiler-style text, with the excerpt and caret when known. Ends with a newline.
[[nodiscard]] std::string to_string(const Diagnostic& diagnostic);

// All diagnostics of one input, sorted by position. what() prints them one after the other.
class ConfigError : public std::runtime_error {
 public:
  explicit ConfigError(std::vector<Diagnostic> diagnostics);
  ConfigError(SourceLoc where, std::string code, std::string message, std::string hint = "");

  [[nodiscard]] const std::vector<Diagnostic>& diagnostics() const { return diagnostics_; }

 private:
  std::vector<Diagnostic> diagnostics_;
};

// A bug of ours: file:line, the broken condition and a sentence.
class InternalError : public std::logic_error {
 public:
  InternalError(const char* file, int line, const char* condition, const std::string& message);
};

// The candidate closest to `word` in edit distance, if it is close enough to be meant; else empty.
[[nodiscard]] std::string nearest(std::string_view word, const std::vector<std::string>& known);

}  // namespace weft

#define WEFT_ENSURE(condition, message)                                       \
  do {                                                                        \
    if (!(condition)) {                                                       \
      throw ::weft::InternalError(__FILE__, __LINE__, #condition, (message)); \
    }                                                                         \
  } while (false)
