// Sections of a file: the keys that were asked for, and the report of the others.
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "base/yaml.hpp"
#include "base/yaml_node.hpp"

namespace weft::yaml {
namespace {

std::string place_of(const Value& value) {
  const std::string path = value.path();
  return path.empty() ? " at the top of the file" : " in " + path;
}

int choose(const Value& value, const std::vector<std::string>& names, int otherwise) {
  if (!value.is_scalar()) {
    (void)value.text();  // reports
    return otherwise;
  }
  const std::string text = value.text();
  const auto at = std::find(names.begin(), names.end(), text);
  if (at != names.end()) {
    return static_cast<int>(at - names.begin());
  }
  std::string all;
  for (const std::string& name : names) {
    all += (all.empty() ? "" : ", ") + name;
  }
  const std::string close = nearest(text, names);
  value.error("unknown-name", "unknown " + value.path() + " " + in_quotes(text) + "; known: " + all,
              close.empty() ? "" : "did you mean '" + close + "'?");
  return otherwise;
}

}  // namespace

std::optional<Value> Section::optional(std::string_view key) {
  if (node_ == nullptr) {
    return std::nullopt;
  }
  if (std::find(asked_.begin(), asked_.end(), key) == asked_.end()) {
    asked_.emplace_back(key);
  }
  const auto at = std::find(node_->keys.begin(), node_->keys.end(), key);
  if (at == node_->keys.end()) {
    return std::nullopt;
  }
  return Value(node_->children[static_cast<std::size_t>(at - node_->keys.begin())], state_);
}

std::optional<Value> Section::required(std::string_view key) {
  std::optional<Value> value = optional(key);
  if (!value && node_ != nullptr) {
    state_->report(node_->at, "missing-key",
                   "missing key '" + std::string(key) + "'" + place_of(Value(node_, state_)));
  }
  return value;
}

std::string Section::text(std::string_view key) {
  const auto value = required(key);
  return value ? value->text() : "";
}

std::string Section::text_or(std::string_view key, std::string fallback) {
  const auto value = optional(key);
  return value ? value->text() : fallback;
}

std::int64_t Section::integer(std::string_view key, std::int64_t min, std::int64_t max) {
  const auto value = required(key);
  return value ? value->integer(min, max) : std::clamp(std::int64_t{0}, min, max);
}

std::int64_t Section::integer_or(std::string_view key, std::int64_t fallback, std::int64_t min,
                                 std::int64_t max) {
  const auto value = optional(key);
  return value ? value->integer(min, max) : fallback;
}

double Section::number_or(std::string_view key, double fallback, double min, double max) {
  const auto value = optional(key);
  return value ? value->number(min, max) : fallback;
}

bool Section::boolean_or(std::string_view key, bool fallback) {
  const auto value = optional(key);
  return value ? value->boolean() : fallback;
}

template <class Q>
Q Section::quantity(std::string_view key) {
  const auto value = required(key);
  return value ? value->template quantity<Q>() : Q{typename Q::Representation{1}};
}

template <class Q>
std::optional<Q> Section::optional_quantity(std::string_view key) {
  const auto value = optional(key);
  return value ? std::optional<Q>(value->template quantity<Q>()) : std::nullopt;
}

int Section::choice(std::string_view key, const std::vector<std::string>& names) {
  const auto value = required(key);
  return value ? choose(*value, names, 0) : 0;
}

int Section::choice_or(std::string_view key, const std::vector<std::string>& names, int fallback) {
  const auto value = optional(key);
  return value ? choose(*value, names, fallback) : fallback;
}

std::vector<std::pair<std::string, Value>> Section::entries() {
  std::vector<std::pair<std::string, Value>> result;
  if (node_ == nullptr) {
    return result;
  }
  all_asked_ = true;
  result.reserve(node_->keys.size());
  for (std::size_t i = 0; i < node_->keys.size(); ++i) {
    result.emplace_back(node_->keys[i], Value(node_->children[i], state_));
  }
  return result;
}

void Section::error(std::string code, std::string message, std::string hint) const {
  if (node_ != nullptr) {
    state_->report(node_->at, std::move(code), std::move(message), std::move(hint));
  }
}

SourceLoc Section::where() const {
  return node_ == nullptr ? SourceLoc{state_->file, 0, 0}
                          : SourceLoc{state_->file, node_->at.line, node_->at.column};
}

void Section::done() {
  if (node_ == nullptr || all_asked_) {
    return;
  }
  const std::string place = place_of(Value(node_, state_));
  for (std::size_t i = 0; i < node_->keys.size(); ++i) {
    const std::string& key = node_->keys[i];
    if (std::find(asked_.begin(), asked_.end(), key) == asked_.end()) {
      const std::string close = nearest(key, asked_);
      state_->report(node_->key_at[i], "unknown-key", "unknown key " + in_quotes(key) + place,
                     close.empty() ? "" : "did you mean '" + close + "'?");
    }
  }
}

#define WEFT_SECTION_QUANTITY(Q)                         \
  template Q Section::quantity<Q>(std::string_view key); \
  template std::optional<Q> Section::optional_quantity<Q>(std::string_view key);

WEFT_SECTION_QUANTITY(Bits)
WEFT_SECTION_QUANTITY(Cycles)
WEFT_SECTION_QUANTITY(Picojoules)
WEFT_SECTION_QUANTITY(SquareMicrons)
WEFT_SECTION_QUANTITY(Hertz)
WEFT_SECTION_QUANTITY(BitsPerCycle)
WEFT_SECTION_QUANTITY(Volts)
WEFT_SECTION_QUANTITY(Nanometres)

}  // namespace weft::yaml
