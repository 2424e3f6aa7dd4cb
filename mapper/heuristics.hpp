// Searches that roam the space of plans: beside the default one, for comparison and for spaces that exact
// search does not cover. All are pure functions of the request, take all of its budget, and never answer with
// less than the mapping that the request brings.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "mapper/mapper.hpp"

namespace weft {

// Simulated annealing: one walk of random moves (improve.hpp) that accepts a worse plan with a probability
// that falls with how much worse it is and with time. Source: S. Kirkpatrick et al., Science 220(4598), 1983.
[[nodiscard]] MapResult anneal(const MapRequest& request);

// A population of plans: two parents give a child each dim's bounds and each level's order and bypasses from
// one of them; moves mutate it; it takes the place of the worst. The last part of the budget is local search
// from the best.
[[nodiscard]] MapResult evolve(const MapRequest& request);

}  // namespace weft
