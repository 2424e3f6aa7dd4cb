// Local search over plans: moves, and a descent that now and then accepts a slightly worse plan.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/rng.hpp"
#include "mapper/plan.hpp"
#include "mapper/pricer.hpp"

namespace weft {

// One random change: a temporal bound, a factor handed between levels or between dims, the order of loops,
// the spatial split, a bypass. The result covers the problem but may be illegal otherwise.
[[nodiscard]] Plan neighbour(const Plan& plan, const MapSpace& space, Rng& rng);

// Starts from `plan` and spends about `evaluations` of the pricer; the pricer remembers the best. Returns
// the best plan met. Worsening by up to `tolerance` (a share of the cost, decaying to 0) is accepted.
Plan improve(Plan plan, Pricer& pricer, std::int64_t evaluations, double tolerance, Rng& rng);

// A random plan: random factors, orders, spatial splits and bypasses, tiles shrunk until they fit.
[[nodiscard]] Plan random_plan(const MapSpace& space, Rng& rng);

}  // namespace weft
