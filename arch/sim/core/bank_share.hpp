// Several streams of accesses at work in the same banks: how fast one can go beside others that go first. No
// SystemC.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "arch/sim/core/bank_walk.hpp"
#include "arch/sim/core/time_grid.hpp"

namespace weft::sim {

// A stream's progress: so much of its own time per tick, until then.
struct Leg {
  Ticks until = 0;
  double rate = 1;
};
struct Course {
  const BankLoad* load = nullptr;
  Ticks start = 0;
  std::vector<Leg> legs;  // the last one ends with the stream
  [[nodiscard]] Ticks end() const { return legs.empty() ? start : legs.back().until; }
  // Ticks of its own time that have passed at `at`.
  [[nodiscard]] double progress(Ticks at) const;
  [[nodiscard]] bool slowed() const;
};

// The course of a stream that would take `ticks` alone. Every bank gives it what others leave of a line a
// cycle; its accesses keep their order, so the bank with the least left of what it needs sets the pace.
[[nodiscard]] Course course_beside(const std::vector<const Course*>& others, const BankLoad& load,
                                   Ticks start, Ticks ticks);

// Would they ask more of a bank than it gives?
[[nodiscard]] bool collide(const BankLoad& a, const BankLoad& b);

}  // namespace weft::sim
