// Mappings built rather than found: fill the fan-outs, then grow tiles from the innermost level outwards,
// then order the loops so that one tensor stays.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "mapper/plan.hpp"

namespace weft {

// Plans with spatial loops only, those that leave the fewest iterations first; at most `count`, and always
// the one without spatial loops last.
[[nodiscard]] std::vector<Plan> spatial_plans(const MapSpace& space, std::size_t count);

// How to grow the tiles of a plan.
struct GrowOptions {
  Role stationary = Role::kOutputs;  // whose tile the loops around each level leave in place
  PerRole<double> weight{1, 1, 1};   // how much a bit of each tensor's traffic counts
  std::int64_t fill = 1;             // one over the share of each dim that inner levels may take at most
};

// Grows temporal bounds level by level from the innermost, each time the one that saves most traffic for the
// room it takes, until nothing fits or helps; then orders all loops for the stationary tensor.
void grow_tiles(Plan& plan, const MapSpace& space, const GrowOptions& options);

// Orders the loops of a level: dims of the stationary tensor outside, the others inside.
void order_loops(Plan& plan, const MapSpace& space, int level, Role stationary);

}  // namespace weft
