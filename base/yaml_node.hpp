// What a parsed YAML file is made of; shared by the parser and the reader, seen by nobody else.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <deque>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.hpp"

namespace weft::yaml {

// Lines and columns count from 1; columns are characters, not bytes.
struct Position {
  int line = 0;
  int column = 0;
  int length = 1;  // characters to underline
};

enum class Kind : std::uint8_t { kNothing, kPlain, kQuoted, kList, kSection };

struct Node {
  Kind kind = Kind::kNothing;
  Position at;
  std::string text;  // of a scalar
  const Node* parent = nullptr;
  std::size_t index = 0;              // place among the parent's children
  std::vector<std::string> keys;      // of a section: one per child, in file order, no duplicates
  std::vector<Position> key_at;       // where the keys are
  std::vector<const Node*> children;  // of a list or section
};

struct DocumentState {
  std::string file;
  std::string source;
  std::vector<std::size_t> line_starts;
  std::deque<Node> nodes;  // owns; addresses are stable
  const Node* root = nullptr;
  std::vector<Diagnostic> diagnostics;
  std::size_t not_kept = 0;  // problems beyond the limit

  // The text of a line without its end; empty past the last one.
  [[nodiscard]] std::string_view line(int number) const;
  // Whether the line exists and is short enough for an excerpt; takes constant time.
  [[nodiscard]] bool quotable(int number) const;
  [[nodiscard]] Diagnostic diagnostic(const Position& at, std::string code, std::string message,
                                      std::string hint) const;
  // Throws this one problem: for those after which nothing can be read.
  [[noreturn]] void refuse(const Position& at, std::string code, std::string message,
                           std::string hint = "") const;
  void report(const Position& at, std::string code, std::string message, std::string hint = "");
};

// Refuses a source that is no text or that the parser would choke on. Throws ConfigError.
void check_bytes(const DocumentState& state);

// Fills root, nodes and line_starts from source. Throws ConfigError as Document says.
void parse_source(DocumentState& state);

// A word of the file for a message: in quotes, cut when long, line feeds shown.
[[nodiscard]] std::string in_quotes(std::string_view text);

}  // namespace weft::yaml
