// Decimal numbers as text, split without rounding: the shared ground of the unit and YAML readers.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace weft {

// The length of the decimal number that `text` starts with: sign, digits with an optional point, optional
// exponent. 0: none. No hexadecimal, no inf or nan, no leading zero before another digit.
[[nodiscard]] std::size_t decimal_length(std::string_view text);

// `number` (all of it a decimal) times 10^exponent, correctly rounded; infinite or 0 beyond the range.
[[nodiscard]] double decimal_to_double(std::string_view number, int exponent);

// `number` (all of it a decimal) times `scale`, if that is a whole number of 64 bits.
[[nodiscard]] std::optional<std::int64_t> decimal_to_integer(std::string_view number, std::int64_t scale);

// A finite double as sign, shortest digits that read back exactly, and the power of ten of the last digit.
struct ShortestDecimal {
  bool negative = false;
  char digits[20] = {};
  int count = 0;
  int exponent = 0;
};
[[nodiscard]] ShortestDecimal shortest_decimal(double value);

}  // namespace weft
