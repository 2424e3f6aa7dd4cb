// Pulls plans into what constraints allow, so that searches spend their time inside. What cannot be mended
// dim by dim stays as it is and is rejected when it is priced. Without constraints: plain repairs.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/rng.hpp"
#include "mapper/plan.hpp"

namespace weft {

// As repair(): the dim is covered, without empty iterations; and its bounds and tiles are in their ranges and
// divide where they have to.
void settle(Plan& plan, const MapSpace& space, int dim);
// As balance(), with constraints settle().
void settle_balanced(Plan& plan, const MapSpace& space, int dim);

// The whole plan: bypasses, fan-outs (dims with room give way to those that ask for more), every dim.
void conform(Plan& plan, const MapSpace& space);

// Halves random temporal bounds of the level until its tiles and those outside fit, for a number of tries.
void shrink_to_fit(Plan& plan, const MapSpace& space, int level, Rng& rng);

// The plan that comes nearest to a mapping of this accelerator: several loops over one dim at one level and
// axis become one. Covers the problem.
[[nodiscard]] Plan plan_of(const Mapping& mapping, const MapSpace& space);

}  // namespace weft
