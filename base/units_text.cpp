// Quantities to text and back, exactly: the tables of units and the two directions.
// SPDX-License-Identifier: Apache-2.0
#include <array>
#include <cmath>
#include <type_traits>

#include <fmt/format.h>

#include "base/decimal.hpp"
#include "base/units.hpp"

namespace weft {
namespace {

// One unit is whole * 10^exponent of the quantity's own count. Listed by preference: the first of the
// shortest texts is printed.
struct Unit {
  std::string_view name;
  std::int64_t whole;
  int exponent;
};

template <class Q>
struct Units;

template <>
struct Units<Bits> {
  static constexpr std::string_view kNames = "b, B, kB, MB, GB, KiB, MiB, GiB, Kib, Mib";
  static constexpr std::array<Unit, 11> kList = {{{"GiB", std::int64_t{8} << 30, 0},
                                                  {"MiB", std::int64_t{8} << 20, 0},
                                                  {"KiB", std::int64_t{8} << 10, 0},
                                                  {"B", 8, 0},
                                                  {"b", 1, 0},
                                                  {"GB", 8, 9},
                                                  {"MB", 8, 6},
                                                  {"kB", 8, 3},
                                                  {"Mib", std::int64_t{1} << 20, 0},
                                                  {"Kib", std::int64_t{1} << 10, 0},
                                                  {"bit", 1, 0}}};
};
template <>
struct Units<Cycles> {
  static constexpr std::string_view kNames = "cycles";
  static constexpr std::array<Unit, 2> kList = {{{"cycles", 1, 0}, {"cycle", 1, 0}}};
};
template <>
struct Units<Picojoules> {
  static constexpr std::string_view kNames = "fJ, pJ, nJ, uJ, mJ, J";
  static constexpr std::array<Unit, 6> kList = {
      {{"pJ", 1, 0}, {"nJ", 1, 3}, {"uJ", 1, 6}, {"mJ", 1, 9}, {"J", 1, 12}, {"fJ", 1, -3}}};
};
template <>
struct Units<SquareMicrons> {
  static constexpr std::string_view kNames = "um2, mm2";
  static constexpr std::array<Unit, 2> kList = {{{"um2", 1, 0}, {"mm2", 1, 6}}};
};
template <>
struct Units<Hertz> {
  static constexpr std::string_view kNames = "Hz, kHz, MHz, GHz";
  static constexpr std::array<Unit, 4> kList = {{{"MHz", 1, 6}, {"GHz", 1, 9}, {"kHz", 1, 3}, {"Hz", 1, 0}}};
};
template <>
struct Units<BitsPerCycle> {
  static constexpr std::string_view kNames = "b/cycle, B/cycle, kB/cycle, KiB/cycle, MiB/cycle";
  static constexpr std::array<Unit, 5> kList = {{{"B/cycle", 8, 0},
                                                 {"b/cycle", 1, 0},
                                                 {"KiB/cycle", 8 << 10, 0},
                                                 {"MiB/cycle", 8 << 20, 0},
                                                 {"kB/cycle", 8, 3}}};
};
template <>
struct Units<Volts> {
  static constexpr std::string_view kNames = "V, mV";
  static constexpr std::array<Unit, 2> kList = {{{"V", 1, 0}, {"mV", 1, -3}}};
};
template <>
struct Units<Nanometres> {
  static constexpr std::string_view kNames = "nm";
  static constexpr std::array<Unit, 1> kList = {{{"nm", 1, 0}}};
};

std::int64_t power_of_ten(int exponent) {
  std::int64_t result = 1;
  for (; exponent > 0; --exponent) {
    result *= 10;
  }
  return result;
}

// Digits with a point (or zeros) where `exponent` wants it; scientific where that would be long.
std::string layout(const ShortestDecimal& value, int exponent) {
  constexpr int kMaxZeros = 9;
  std::string text(value.digits, static_cast<std::size_t>(value.count));
  const int point = value.count + exponent;  // digits before the point
  if (exponent > kMaxZeros || point < -kMaxZeros) {
    text += fmt::format("e{}", exponent);
  } else if (exponent >= 0) {
    text.append(static_cast<std::size_t>(text == "0" ? 0 : exponent), '0');
  } else if (point > 0) {
    text.insert(static_cast<std::size_t>(point), ".");
  } else {
    text = "0." + std::string(static_cast<std::size_t>(-point), '0') + text;
  }
  return (value.negative ? "-" : "") + text;
}

// `count` in this unit; empty when the unit would need rounding.
std::string in_unit(std::int64_t count, const Unit& unit) {
  const std::int64_t scale = unit.whole * power_of_ten(unit.exponent);
  return count % scale == 0 ? fmt::format("{} {}", count / scale, unit.name) : "";
}

std::string in_unit(double count, const Unit& unit) {
  // Dividing by a power of two is exact, and moving the decimal exponent is, too.
  const double quotient = count / static_cast<double>(unit.whole);
  if (quotient * static_cast<double>(unit.whole) != count) {
    return "";
  }
  const ShortestDecimal digits = shortest_decimal(quotient);
  return fmt::format("{} {}", layout(digits, digits.exponent - unit.exponent), unit.name);
}

template <class Q>
std::string shortest_text(Q value) {
  if constexpr (std::is_floating_point_v<typename Q::Representation>) {
    if (!std::isfinite(value.count())) {
      return fmt::format("{} {}", value.count(), Units<Q>::kList[0].name);
    }
  }
  std::string best;
  for (const Unit& unit : Units<Q>::kList) {
    const std::string text = in_unit(value.count(), unit);
    if (!text.empty() && (best.empty() || text.size() < best.size())) {
      best = text;
    }
  }
  return best;
}

std::string_view trimmed(std::string_view text) {
  const auto blank = [](char c) { return c == ' ' || c == '\t'; };
  while (!text.empty() && blank(text.front())) {
    text.remove_prefix(1);
  }
  while (!text.empty() && blank(text.back())) {
    text.remove_suffix(1);
  }
  return text;
}

std::optional<std::int64_t> scaled(std::string_view number, const Unit& unit, std::int64_t /*kind*/) {
  return decimal_to_integer(number, unit.whole * power_of_ten(unit.exponent));
}

std::optional<double> scaled(std::string_view number, const Unit& unit, double /*kind*/) {
  const double value = decimal_to_double(number, unit.exponent) * static_cast<double>(unit.whole);
  return std::isfinite(value) ? std::optional(value) : std::nullopt;
}

}  // namespace

template <class Q>
std::optional<Q> parse_quantity(std::string_view text) {
  text = trimmed(text);
  const std::size_t length = decimal_length(text);
  const std::string_view name = trimmed(text.substr(length));
  if (length == 0) {
    return std::nullopt;
  }
  for (const Unit& unit : Units<Q>::kList) {
    if (unit.name == name) {
      const auto count = scaled(text.substr(0, length), unit, typename Q::Representation{});
      return count ? std::optional(Q(*count)) : std::nullopt;
    }
  }
  return std::nullopt;
}

template <class Q>
std::string_view unit_names() {
  return Units<Q>::kNames;
}

#define WEFT_QUANTITY_TEXT(Q)                                         \
  template std::optional<Q> parse_quantity<Q>(std::string_view text); \
  template std::string_view unit_names<Q>();                          \
  std::string to_string(Q value) {                                    \
    return shortest_text(value);                                      \
  }

WEFT_QUANTITY_TEXT(Bits)
WEFT_QUANTITY_TEXT(Picojoules)
WEFT_QUANTITY_TEXT(SquareMicrons)
WEFT_QUANTITY_TEXT(Hertz)
WEFT_QUANTITY_TEXT(BitsPerCycle)
WEFT_QUANTITY_TEXT(Volts)
WEFT_QUANTITY_TEXT(Nanometres)

template std::optional<Cycles> parse_quantity<Cycles>(std::string_view text);
template std::string_view unit_names<Cycles>();
std::string to_string(Cycles value) {
  return fmt::format("{} {}", value.count(), value.count() == 1 ? "cycle" : "cycles");
}

}  // namespace weft
