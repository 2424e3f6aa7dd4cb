// The checked YAML reader. Loaders see a file only through Section, which records every key it hands
// out; all problems of a file (unknown, duplicate, missing keys, bad units, wrong types) are collected
// and thrown together as one ConfigError. yaml-cpp stays inside yaml_parse.cpp.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <limits>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/error.hpp"
#include "base/units.hpp"

namespace weft::yaml {

struct Node;           // a parsed value with its position (private: yaml_node.hpp)
struct DocumentState;  // source text and the diagnostics found so far

// A value of the file: scalar, list or mapping. Cheap to copy; valid while its Document lives.
class Value {
 public:
  [[nodiscard]] SourceLoc where() const;
  [[nodiscard]] bool is_scalar() const;
  [[nodiscard]] bool is_list() const;
  [[nodiscard]] bool is_section() const;
  [[nodiscard]] std::string path() const;  // "levels[0].capacity"

  // Each reports a diagnostic and returns a harmless default when the value does not fit: the number of
  // the range that is nearest to 0, a quantity of 1, an empty text, list or section.
  // Codes: not-text | not-integer, out-of-range (decimal only, 010 is refused) | not-number, out-of-range |
  // not-boolean (true and false only) | bad-unit, out-of-range (below 0) | not-a-list | not-a-section.
  [[nodiscard]] std::string text() const;
  [[nodiscard]] std::int64_t integer(std::int64_t min, std::int64_t max) const;
  [[nodiscard]] double number(double min, double max) const;
  [[nodiscard]] bool boolean() const;
  template <class Q>
  [[nodiscard]] Q quantity() const;
  [[nodiscard]] std::vector<Value> list() const;
  [[nodiscard]] class Section section() const;

  // Reports a problem at this value.
  void error(std::string code, std::string message, std::string hint = "") const;

 private:
  friend class Section;
  friend class Document;
  Value(const Node* node, DocumentState* state) : node_(node), state_(state) {}
  const Node* node_;
  DocumentState* state_;
};

// A mapping of the file. Every key must be asked for; done() reports the others as unknown-key.
// The section of a value that is none (already reported) is empty and reports nothing more.
class Section {
 public:
  // Missing: reports missing-key (naming the key) and returns nothing.
  [[nodiscard]] std::optional<Value> required(std::string_view key);
  // Missing: nothing, silently.
  [[nodiscard]] std::optional<Value> optional(std::string_view key);

  // Short forms. `doc` style defaults: a missing optional key gives `fallback`.
  [[nodiscard]] std::string text(std::string_view key);
  [[nodiscard]] std::string text_or(std::string_view key, std::string fallback);
  [[nodiscard]] std::int64_t integer(std::string_view key, std::int64_t min, std::int64_t max);
  [[nodiscard]] std::int64_t integer_or(std::string_view key, std::int64_t fallback, std::int64_t min,
                                        std::int64_t max);
  [[nodiscard]] double number_or(std::string_view key, double fallback, double min, double max);
  [[nodiscard]] bool boolean_or(std::string_view key, bool fallback);
  template <class Q>
  [[nodiscard]] Q quantity(std::string_view key);
  template <class Q>
  [[nodiscard]] std::optional<Q> optional_quantity(std::string_view key);
  // One of `names`; reports unknown-name with the nearest as hint; returns its index (0 on error).
  [[nodiscard]] int choice(std::string_view key, const std::vector<std::string>& names);
  [[nodiscard]] int choice_or(std::string_view key, const std::vector<std::string>& names, int fallback);

  // Keys in file order, for sections whose keys are names; asking marks them all as known.
  [[nodiscard]] std::vector<std::pair<std::string, Value>> entries();

  void error(std::string code, std::string message, std::string hint = "") const;
  [[nodiscard]] SourceLoc where() const;
  // Reports every key never asked for, with the nearest asked-for key as hint.
  void done();

 private:
  friend class Value;
  friend class Document;
  Section(const Node* node, DocumentState* state) : node_(node), state_(state) {}
  const Node* node_;
  DocumentState* state_;
  std::vector<std::string> asked_;
  bool all_asked_ = false;
};

// One YAML file with one document. Throws ConfigError at once for: missing-file, not-a-file (directory),
// empty-file, binary-file, too-large (over 16 MiB), yaml-syntax, yaml-anchor (anchors, aliases and merge
// keys are refused: they can explode), too-deep (nesting over 64). Duplicate keys are reported
// (duplicate-key), the first one counts. After 100 problems the rest is only counted (too-many-problems).
class Document {
 public:
  static Document load(const std::filesystem::path& file);
  static Document parse(std::string text, std::string file_name);
  Document(Document&&) noexcept;
  Document& operator=(Document&&) noexcept;
  ~Document();

  [[nodiscard]] Value value() const;
  [[nodiscard]] Section root() const;  // reports not-a-section where the file is not a mapping
  // Throws ConfigError when any problem was reported. Call once, after reading everything.
  void finish() const;
  [[nodiscard]] bool failed() const;

 private:
  Document();
  std::unique_ptr<DocumentState> state_;
};

}  // namespace weft::yaml
