// SPDX-License-Identifier: Apache-2.0
#include "base/yaml_json.hpp"

#include <algorithm>
#include <string_view>
#include <utility>

#include <fmt/format.h>

#include "base/yaml_node.hpp"

namespace weft::yaml {
namespace {

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

// The length of the run of digits at the start.
std::size_t digits(std::string_view text) {
  return static_cast<std::size_t>(std::find_if_not(text.begin(), text.end(), is_digit) - text.begin());
}

// RFC 8259, section 6: an integer without leading zeros, a fraction, an exponent.
bool is_number(std::string_view text) {
  text.remove_prefix(text.starts_with('-') ? 1 : 0);
  const std::size_t whole = digits(text);
  if (whole == 0 || (whole > 1 && text.front() == '0')) {
    return false;
  }
  text.remove_prefix(whole);
  if (text.starts_with('.')) {
    const std::size_t fraction = digits(text.substr(1));
    if (fraction == 0) {
      return false;
    }
    text.remove_prefix(1 + fraction);
  }
  if (text.starts_with('e') || text.starts_with('E')) {
    text.remove_prefix(1);
    text.remove_prefix(text.starts_with('-') || text.starts_with('+') ? 1 : 0);
    return !text.empty() && digits(text) == text.size();
  }
  return text.empty();
}

std::string quoted(std::string_view text) {
  std::string result = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') {
      result += '\\';
      result += c;
    } else if (static_cast<unsigned char>(c) < 0x20U) {
      result += fmt::format("\\u{:04x}", static_cast<unsigned>(c));
    } else {
      result += c;
    }
  }
  return result + '"';
}

std::string scalar(const Node& node) {
  const bool bare = node.text == "true" || node.text == "false" || node.text == "null";
  return node.kind == Kind::kPlain && (bare || is_number(node.text)) ? node.text : quoted(node.text);
}

// Not deeper than the reader allows files to be.
std::string json(const Node& node) {
  if (node.kind == Kind::kNothing) {
    return "null";
  }
  if (node.kind == Kind::kPlain || node.kind == Kind::kQuoted) {
    return scalar(node);
  }
  const bool section = node.kind == Kind::kSection;
  std::string text;
  for (std::size_t i = 0; i < node.children.size(); ++i) {
    text += i == 0 ? "" : ", ";
    text += section ? quoted(node.keys[i]) + ": " : "";
    text += json(*node.children[i]);
  }
  return section ? '{' + text + '}' : '[' + text + ']';
}

}  // namespace

std::string as_json(std::string text, std::string file_name) {
  DocumentState state;
  state.file = std::move(file_name);
  state.source = std::move(text);
  parse_source(state);
  if (!state.diagnostics.empty()) {
    throw ConfigError(state.diagnostics);
  }
  return json(*state.root);
}

}  // namespace weft::yaml
