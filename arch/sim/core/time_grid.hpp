// The simulator's time grid: a cycle is 2^20 ticks, so a transfer of a fractional number of cycles is
// not rounded up, and 64 bits still hold 1.7e13 cycles.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

namespace weft::sim {

using Ticks = std::uint64_t;
inline constexpr Ticks kTicksPerCycle = Ticks{1} << 20;
// Every transfer rounds by less than a tick; a total this close above a whole cycle (1/1024, as in the
// analytic model) is that cycle.
inline constexpr Ticks kGridTolerance = kTicksPerCycle / 1024;

[[nodiscard]] constexpr Ticks ticks_of(std::int64_t cycles) {
  return static_cast<Ticks>(cycles) * kTicksPerCycle;
}
// Exact below 2^33 cycles.
[[nodiscard]] constexpr double cycles_of(Ticks ticks) {
  return static_cast<double>(ticks) / static_cast<double>(kTicksPerCycle);
}
// Rounded up, but for the tolerance.
[[nodiscard]] constexpr std::int64_t whole_cycles(Ticks ticks) {
  const Ticks trimmed = ticks > kGridTolerance ? ticks - kGridTolerance : 0;
  return static_cast<std::int64_t>((trimmed + kTicksPerCycle - 1) / kTicksPerCycle);
}

}  // namespace weft::sim
