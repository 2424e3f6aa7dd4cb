// What is wrong with a file before it is YAML: bytes that are no text, and towers of brackets.
// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "base/yaml_node.hpp"

namespace weft::yaml {
namespace {

constexpr int kMaxOpenBrackets = 512;  // yaml-cpp reads ahead over brackets; its cost is quadratic there

// The length of the UTF-8 character that `text` starts with; 0 if it is none.
std::size_t utf8_length(std::string_view text) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const unsigned char first = byte(0);
  const std::size_t length = first < 0x80   ? 1
                             : first < 0xC2 ? 0
                             : first < 0xE0 ? 2
                             : first < 0xF0 ? 3
                             : first < 0xF5 ? 4
                                            : 0;
  if (length == 0 || length > text.size()) {
    return 0;
  }
  for (std::size_t i = 1; i < length; ++i) {
    if ((byte(i) & 0xC0U) != 0x80U) {
      return 0;
    }
  }
  const bool overlong = (first == 0xE0 && byte(1) < 0xA0) || (first == 0xF0 && byte(1) < 0x90);
  const bool surrogate = first == 0xED && byte(1) >= 0xA0;
  const bool beyond = first == 0xF4 && byte(1) >= 0x90;
  return overlong || surrogate || beyond ? 0 : length;
}

void refuse_binary(const DocumentState& state) {
  const std::string_view source = state.source;
  for (std::size_t i = 0; i < source.size();) {
    const auto byte = static_cast<unsigned char>(source[i]);
    const bool control = (byte < 0x20 && byte != '\n' && byte != '\r' && byte != '\t') || byte == 0x7F;
    const std::size_t length = control ? 0 : utf8_length(source.substr(i));
    if (length == 0) {
      state.refuse({}, "binary-file", fmt::format("not a text file: byte 0x{:02X} at offset {}", byte, i),
                   "a configuration is YAML in UTF-8");
    }
    i += length;
  }
}

// Counts brackets wherever they are: comments do not hold hundreds of unclosed ones either.
void refuse_bracket_tower(const DocumentState& state) {
  int open = 0;
  for (const char c : state.source) {
    open += c == '[' || c == '{' ? 1 : 0;
    open -= open > 0 && (c == ']' || c == '}') ? 1 : 0;
    if (open > kMaxOpenBrackets) {
      state.refuse({}, "too-deep", fmt::format("more than {} brackets are open at once", kMaxOpenBrackets),
                   "");
    }
  }
}

}  // namespace

void check_bytes(const DocumentState& state) {
  refuse_binary(state);
  refuse_bracket_tower(state);
}

}  // namespace weft::yaml
