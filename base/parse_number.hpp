// A number that is the whole of a text: a cell of a table, a word of a file, the value of an option.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <charconv>
#include <optional>
#include <string_view>
#include <system_error>

namespace weft {

// Nothing where `text` is empty, no number, more than a number (a blank or a leading '+' is more), or beyond
// the range of Number. Integers are decimal; floating-point numbers are what std::from_chars takes, with a
// point in any locale, inf and nan among them: a caller that cannot use these checks its range. What is
// wrong with a text is the caller's to say, who knows what should have stood there.
template <class Number>
[[nodiscard]] std::optional<Number> parse_number(std::string_view text) {
  Number value{};
  const char* const end = text.data() + text.size();
  const auto [stopped, error] = std::from_chars(text.data(), end, value);
  return error == std::errc() && stopped == end ? std::optional(value) : std::nullopt;
}

}  // namespace weft
