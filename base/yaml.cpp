// The checked reader: every access records what it asked for and reports what does not fit.
// SPDX-License-Identifier: Apache-2.0
#include "base/yaml.hpp"

#include <algorithm>
#include <cmath>
#include <type_traits>

#include <fmt/format.h>

#include "base/decimal.hpp"
#include "base/yaml_node.hpp"

namespace weft::yaml {
namespace {

bool scalar(const Node* node) {
  return node->kind == Kind::kPlain || node->kind == Kind::kQuoted;
}

std::string path_of(const Node* node) {
  std::string path;
  for (; node->parent != nullptr; node = node->parent) {
    const std::string own = node->parent->kind == Kind::kList ? fmt::format("[{}]", node->index)
                                                              : node->parent->keys[node->index];
    const bool dot = !path.empty() && path[0] != '[';
    path = own + (dot ? "." : "") + path;
  }
  return path;
}

// What the user wrote, for "..., not X".
std::string found(const Node* node) {
  switch (node->kind) {
    case Kind::kNothing:
      return "nothing";
    case Kind::kPlain:
      return in_quotes(node->text);
    case Kind::kQuoted:
      return "the text " + in_quotes(node->text);
    case Kind::kList:
      return "a list";
    case Kind::kSection:
      return "a section";
  }
  return "";
}

// "levels[0].capacity must be"
std::string must_be(const Node* node) {
  const std::string path = path_of(node);
  return (path.empty() ? "the file" : path) + " must be ";
}

void report_kind(const Node* node, DocumentState* state, const char* code, const char* wanted,
                 std::string hint = "") {
  state->report(node->at, code, must_be(node) + wanted + ", not " + found(node), std::move(hint));
}

template <class T>
T report_range(const Node* node, DocumentState* state, T min, T max) {
  const bool from = min > std::numeric_limits<T>::lowest();
  const bool to = max < std::numeric_limits<T>::max();
  const std::string range = from && to ? fmt::format("from {} to {}", min, max)
                            : from     ? fmt::format("at least {}", min)
                            : to       ? fmt::format("at most {}", max)
                                       : std::string("a smaller number");
  state->report(node->at, "out-of-range", must_be(node) + range + ", not " + node->text);
  return std::clamp(T{0}, min, max);
}

bool leading_zero(std::string_view text) {
  const std::size_t sign = !text.empty() && (text[0] == '-' || text[0] == '+') ? 1 : 0;
  return text.size() > sign + 1 && text[sign] == '0' && text[sign + 1] >= '0' && text[sign + 1] <= '9';
}

bool all_digits(std::string_view text) {
  const std::size_t sign = !text.empty() && (text[0] == '-' || text[0] == '+') ? 1 : 0;
  return text.size() > sign && text.find_first_not_of("0123456789", sign) == std::string_view::npos;
}

std::string number_hint(const Node* node, const char* otherwise) {
  if (node->kind == Kind::kQuoted) {
    return "remove the quotes";
  }
  return leading_zero(node->text) ? "remove the leading zero: some readers take it for octal" : otherwise;
}

}  // namespace

SourceLoc Value::where() const {
  return {state_->file, node_->at.line, node_->at.column};
}
bool Value::is_scalar() const {
  return scalar(node_);
}
bool Value::is_list() const {
  return node_->kind == Kind::kList;
}
bool Value::is_section() const {
  return node_->kind == Kind::kSection;
}
std::string Value::path() const {
  return path_of(node_);
}

std::string Value::text() const {
  if (!scalar(node_)) {
    report_kind(node_, state_, "not-text", "a text");
    return "";
  }
  return node_->text;
}

std::int64_t Value::integer(std::int64_t min, std::int64_t max) const {
  const bool whole = node_->kind == Kind::kPlain && all_digits(node_->text);
  if (!whole || leading_zero(node_->text)) {
    report_kind(node_, state_, "not-integer", "a whole number", number_hint(node_, ""));
    return std::clamp(std::int64_t{0}, min, max);
  }
  const std::optional<std::int64_t> value = decimal_to_integer(node_->text, 1);
  return value && *value >= min && *value <= max ? *value : report_range(node_, state_, min, max);
}

double Value::number(double min, double max) const {
  const bool decimal = node_->kind == Kind::kPlain && decimal_length(node_->text) == node_->text.size();
  if (!decimal) {
    report_kind(node_, state_, "not-number", "a number", number_hint(node_, ""));
    return std::clamp(0.0, min, max);
  }
  const double value = decimal_to_double(node_->text, 0);
  return std::isfinite(value) && value >= min && value <= max ? value : report_range(node_, state_, min, max);
}

bool Value::boolean() const {
  const bool is_true = node_->text == "true";
  if (node_->kind != Kind::kPlain || (!is_true && node_->text != "false")) {
    report_kind(node_, state_, "not-boolean", "true or false", number_hint(node_, ""));
    return false;
  }
  return is_true;
}

template <class Q>
Q Value::quantity() const {
  const Q harmless{typename Q::Representation{1}};
  const std::string units = "use one of: " + std::string(unit_names<Q>());
  if (!scalar(node_)) {
    report_kind(node_, state_, "bad-unit", "a number with a unit", units);
    return harmless;
  }
  const std::optional<Q> value = parse_quantity<Q>(node_->text);
  if (!value) {
    const std::size_t digits = decimal_length(node_->text);
    const bool bare = digits == node_->text.size() && digits > 0;
    report_kind(node_, state_, "bad-unit", bare ? "a number with a unit" : "a number with a unit of its kind",
                bare ? "a bare number is ambiguous; " + units : units);
    return harmless;
  }
  if (*value < Q{}) {
    state_->report(node_->at, "out-of-range", must_be(node_) + "at least 0, not " + node_->text);
    return harmless;
  }
  return *value;
}

std::vector<Value> Value::list() const {
  if (!is_list()) {
    report_kind(node_, state_, "not-a-list", "a list");
    return {};
  }
  std::vector<Value> values;
  values.reserve(node_->children.size());
  for (const Node* child : node_->children) {
    values.push_back(Value(child, state_));
  }
  return values;
}

Section Value::section() const {
  if (!is_section()) {
    report_kind(node_, state_, "not-a-section", "a section (key: value)");
    return {nullptr, state_};
  }
  return {node_, state_};
}

void Value::error(std::string code, std::string message, std::string hint) const {
  state_->report(node_->at, std::move(code), std::move(message), std::move(hint));
}

template Bits Value::quantity<Bits>() const;
template Cycles Value::quantity<Cycles>() const;
template Picojoules Value::quantity<Picojoules>() const;
template SquareMicrons Value::quantity<SquareMicrons>() const;
template Hertz Value::quantity<Hertz>() const;
template BitsPerCycle Value::quantity<BitsPerCycle>() const;
template Volts Value::quantity<Volts>() const;
template Nanometres Value::quantity<Nanometres>() const;

}  // namespace weft::yaml
