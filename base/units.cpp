// Decimal numbers without rounding, and quantities for people.
// SPDX-License-Identifier: Apache-2.0
#include "base/units.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <limits>
#include <string>
#include <system_error>
#include <vector>

#include <fmt/format.h>

#include "base/decimal.hpp"
#include "base/table.hpp"

namespace weft {
namespace {

__extension__ using Wide = __int128;
constexpr Wide kWideLimit = (Wide{1} << 125) / 10;
constexpr int kExponentLimit = 100000;  // beyond it every double is 0 or infinite

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

std::size_t count_digits(std::string_view text) {
  std::size_t count = 0;
  while (count < text.size() && is_digit(text[count])) {
    ++count;
  }
  return count;
}

std::size_t sign_length(std::string_view text) {
  return !text.empty() && (text[0] == '+' || text[0] == '-') ? 1 : 0;
}

// The exponent after the 'e' of a decimal, clamped to what a double can feel.
int exponent_value(std::string_view text) {
  const bool negative = text[0] == '-';
  int value = 0;
  for (const char c : text.substr(sign_length(text))) {
    value = std::min(kExponentLimit, value * 10 + (c - '0'));
  }
  return negative ? -value : value;
}

struct Decimal {
  Wide digits = 0;
  int exponent = 0;
};

// Nothing when the digits (without trailing zeros after the point) are too many to be held.
std::optional<Decimal> split(std::string_view number) {
  Decimal result;
  const bool negative = number[0] == '-';
  number.remove_prefix(sign_length(number));
  if (const std::size_t e = number.find_first_of("eE"); e != std::string_view::npos) {
    result.exponent = exponent_value(number.substr(e + 1));
    number = number.substr(0, e);
  }
  if (number.find('.') != std::string_view::npos) {
    number = number.substr(0, number.find_last_not_of('0') + 1);
  }
  bool fraction = false;
  for (const char c : number) {
    if (c == '.') {
      fraction = true;
      continue;
    }
    if (result.digits > kWideLimit / 10) {
      return std::nullopt;
    }
    result.digits = result.digits * 10 + (c - '0');
    result.exponent -= fraction ? 1 : 0;
  }
  result.digits = negative ? -result.digits : result.digits;
  return result;
}

}  // namespace

std::size_t decimal_length(std::string_view text) {
  std::size_t at = sign_length(text);
  const std::size_t whole = count_digits(text.substr(at));
  if (whole > 1 && text[at] == '0') {
    return 0;  // 010 is eight to some readers
  }
  at += whole;
  std::size_t fraction = 0;
  if (at < text.size() && text[at] == '.') {
    fraction = count_digits(text.substr(at + 1));
    at += 1 + fraction;
  }
  if (whole + fraction == 0) {
    return 0;
  }
  if (at < text.size() && (text[at] == 'e' || text[at] == 'E')) {
    const std::size_t sign = sign_length(text.substr(at + 1));
    const std::size_t digits = count_digits(text.substr(at + 1 + sign));
    at += digits == 0 ? 0 : 1 + sign + digits;
  }
  return at;
}

double decimal_to_double(std::string_view number, int exponent) {
  const std::size_t plus = !number.empty() && number[0] == '+' ? 1 : 0;
  const std::size_t e = std::min(number.find_first_of("eE"), number.size());
  const int own = e < number.size() ? exponent_value(number.substr(e + 1)) : 0;
  const std::string text = fmt::format("{}e{}", number.substr(plus, e - plus), own + exponent);
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error == std::errc::result_out_of_range) {
    const bool negative = text[0] == '-';
    const bool huge = own + exponent > 0;
    const double size = huge ? std::numeric_limits<double>::infinity() : 0.0;
    return negative ? -size : size;
  }
  return value;
}

std::optional<std::int64_t> decimal_to_integer(std::string_view number, std::int64_t scale) {
  std::optional<Decimal> decimal = split(number);
  if (!decimal) {
    return std::nullopt;
  }
  Wide value = 0;
  if (__builtin_mul_overflow(decimal->digits, Wide{scale}, &value)) {
    return std::nullopt;
  }
  for (; value != 0 && decimal->exponent > 0; --decimal->exponent) {
    if (value > kWideLimit || value < -kWideLimit) {
      return std::nullopt;
    }
    value *= 10;
  }
  for (; value != 0 && decimal->exponent < 0; ++decimal->exponent) {
    if (value % 10 != 0) {
      return std::nullopt;
    }
    value /= 10;
  }
  if (value > std::numeric_limits<std::int64_t>::max() || value < std::numeric_limits<std::int64_t>::min()) {
    return std::nullopt;
  }
  return static_cast<std::int64_t>(value);
}

ShortestDecimal shortest_decimal(double value) {
  std::array<char, 40> buffer{};
  const auto end =
      std::to_chars(buffer.data(), buffer.data() + buffer.size(), value, std::chars_format::scientific);
  ShortestDecimal result;
  std::string_view text(buffer.data(), static_cast<std::size_t>(end.ptr - buffer.data()));
  result.negative = text[0] == '-';
  const std::size_t e = text.find('e');
  for (const char c : text.substr(0, e)) {
    if (is_digit(c)) {
      result.digits[result.count++] = c;
    }
  }
  result.exponent = exponent_value(text.substr(e + 1)) - (result.count - 1);
  return result;
}

namespace {

struct Prefix {
  double scale;
  std::string_view name;
};

// `value` in the largest unit that leaves at least 1 after rounding to four digits.
std::string with_prefix(double value, const std::vector<Prefix>& prefixes, std::string_view unit) {
  const Prefix* best = &prefixes.front();
  for (const Prefix& prefix : prefixes) {
    if (std::abs(value) >= prefix.scale * 0.99995) {
      best = &prefix;
    }
  }
  const double scaled = value / best->scale;
  const bool exact = best->scale == 1 && scaled == std::floor(scaled);
  return fmt::format("{} {}{}", exact ? fmt::format("{:.0f}", scaled) : significant(scaled), best->name,
                     unit);
}

}  // namespace

std::string human(Picojoules value) {
  return with_prefix(value.count(), {{1e-3, "f"}, {1e0, "p"}, {1e3, "n"}, {1e6, "u"}, {1e9, "m"}, {1e12, ""}},
                     "J");
}

std::string human(Cycles value) {
  return human_count(static_cast<double>(value.count()), "cycles");
}

std::string human(SquareMicrons value) {
  const bool small = std::abs(value.count()) < 1e4;
  return small ? significant(value.count()) + " um2" : significant(value.count() * 1e-6) + " mm2";
}

std::string human_count(double value, std::string_view unit) {
  return with_prefix(
      value, {{1, ""}, {1e3, "k"}, {1e6, "M"}, {1e9, "G"}, {1e12, "T"}, {1e15, "P"}, {1e18, "E"}}, unit);
}

}  // namespace weft
