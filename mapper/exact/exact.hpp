// The best mapping of the even space, and the proof that it is.
//
// The even space: along every dim, temporal bounds divide what is left of it, spatial bounds may leave a last
// round partly idle, and the innermost level may have all that they leave (chains.hpp); all orders of loops;
// dims on any axis that allows them, one dim on both too; every bypass that the hardware allows. The cost is
// that of the model (evaluate and energy), no other.
//
// Branch and bound: decisions are taken level by level for all parts of the problem; a node of the tree is
// given up when its lower bound (bound.hpp) is not below the best cost found. What is left at the leaves is
// priced by the model itself. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <vector>

#include "mapper/mapper.hpp"

namespace weft::exact {

// Rules that can be switched off: the optimum stays, only the work grows.
struct Rules {
  bool bounds = true;  // give up nodes by their lower bound
  bool orders = true;  // one order of those that no tensor can tell apart
  bool tables = true;  // price from tables, not mapping by mapping
  // Loops that the innermost memories need not see stand in the innermost level.
  bool innermost = true;
  bool axes = true;   // splits that differ only in axes that no count depends on are one
  bool twins = true;  // of two dims that play the same role, one is split no later in the list than the other
};

struct Options {
  Rules rules;
  // Of the constructive search that finds the first mapping, which may lie outside the even space; 0: none.
  std::int64_t seed_evaluations = 12;
  // Of the descent from the best even mapping, for what factors that do not divide may add to it; 0: none.
  std::int64_t polish_evaluations = 60;
};

// Within request.max_nodes the result is proven: gap 0, the lower bound is that of the even space. Beyond,
// the best so far with the bound of what was left. Where the space is not covered (more than six levels,
// ranks over three dims, dims with too many splits, memories that leave words out) the answer of the
// constructive search, with the general bound's gap.
[[nodiscard]] MapResult solve(const MapRequest& request, const Options& options = {});

// The energy-latency front of the even space: every mapping for which no other has both less energy and fewer
// cycles, by rising cycles. `proven`: nothing was left out by request.max_nodes.
struct Front {
  std::vector<MapResult> points;
  Certificate certificate;
  bool proven = false;
};
[[nodiscard]] Front front(const MapRequest& request, const Options& options = {});

}  // namespace weft::exact
