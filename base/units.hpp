// Physical quantities as types that cannot be mixed, and their text form ("108 KiB", "16 B/cycle").
// KiB is 1024 bytes, kB is 1000. A bare number is never a quantity.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace weft {

// A number tagged with its dimension. Construction is explicit; only same-tag sums and comparisons
// and scaling by a plain number exist, so `Cycles + Bits` does not compile.
template <class Tag, class Rep>
class Quantity {
 public:
  using Representation = Rep;
  constexpr Quantity() = default;
  constexpr explicit Quantity(Rep count) : count_(count) {}
  [[nodiscard]] constexpr Rep count() const { return count_; }

  constexpr Quantity& operator+=(Quantity other) {
    count_ += other.count_;
    return *this;
  }
  friend constexpr Quantity operator+(Quantity a, Quantity b) { return Quantity(a.count_ + b.count_); }
  friend constexpr Quantity operator-(Quantity a, Quantity b) { return Quantity(a.count_ - b.count_); }
  friend constexpr Quantity operator*(Quantity a, Rep scale) { return Quantity(a.count_ * scale); }
  friend constexpr Quantity operator*(Rep scale, Quantity a) { return Quantity(a.count_ * scale); }
  friend constexpr auto operator<=>(Quantity, Quantity) = default;

 private:
  Rep count_{};
};

using Bits = Quantity<struct BitsTag, std::int64_t>;
using Cycles = Quantity<struct CyclesTag, std::int64_t>;
using Picojoules = Quantity<struct PicojoulesTag, double>;
using SquareMicrons = Quantity<struct SquareMicronsTag, double>;
using Hertz = Quantity<struct HertzTag, double>;
using BitsPerCycle = Quantity<struct BitsPerCycleTag, double>;
using Volts = Quantity<struct VoltsTag, double>;
using Nanometres = Quantity<struct NanometresTag, double>;

// Text to quantity: a decimal number, optional blanks, a unit. Empty result: not that quantity.
//   Bits: b, bit, B, kB, MB, GB, KiB, MiB, GiB, Kib, Mib     Cycles: cycle(s)
//   Picojoules: fJ pJ nJ uJ mJ J    SquareMicrons: um2 mm2   Hertz: Hz kHz MHz GHz
//   BitsPerCycle: b/cycle, B/cycle, KiB/cycle ...            Volts: V mV    Nanometres: nm
// Fractions are accepted where the result is a whole number of the representation.
template <class Q>
[[nodiscard]] std::optional<Q> parse_quantity(std::string_view text);

// The units parse_quantity<Q> accepts, for hints: "b, B, kB, KiB ...".
template <class Q>
[[nodiscard]] std::string_view unit_names();

// Shortest exact text that parse_quantity reads back to the same value ("108 KiB", "1.2 pJ").
[[nodiscard]] std::string to_string(Bits value);
[[nodiscard]] std::string to_string(Cycles value);
[[nodiscard]] std::string to_string(Picojoules value);
[[nodiscard]] std::string to_string(SquareMicrons value);
[[nodiscard]] std::string to_string(Hertz value);
[[nodiscard]] std::string to_string(BitsPerCycle value);
[[nodiscard]] std::string to_string(Volts value);
[[nodiscard]] std::string to_string(Nanometres value);

// Four significant digits with a scaled unit, for people: human(Picojoules(3.1e9)) == "3.100 mJ".
[[nodiscard]] std::string human(Picojoules value);
[[nodiscard]] std::string human(Cycles value);
[[nodiscard]] std::string human(SquareMicrons value);
// Four significant digits with an SI prefix and a unit word: human_count(4.09e9, "MAC") == "4.090 GMAC".
[[nodiscard]] std::string human_count(double value, std::string_view unit);

}  // namespace weft
