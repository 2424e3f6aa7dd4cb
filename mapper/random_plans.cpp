// Random plans: the baseline every search has to beat, and fresh blood for those that get stuck.
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cmath>

#include "base/checked.hpp"
#include "mapper/conform.hpp"
#include "mapper/improve.hpp"

namespace weft {

namespace {

// Uniform in the logarithm: small and large factors are equally likely.
std::int64_t random_factor(std::int64_t most, Rng& rng) {
  if (most <= 1) {
    return 1;
  }
  const double drawn = std::exp(rng.unit() * std::log(static_cast<double>(most) + 1.0));
  return std::clamp(static_cast<std::int64_t>(drawn), std::int64_t{1}, most);
}

void spread_randomly(Plan& plan, const MapSpace& space, int level, std::size_t a, Rng& rng) {
  const Slot axis = a == 0 ? Slot::kX : Slot::kY;
  std::vector<int> dims = space.level(level).spatial_dims[a];
  rng.shuffle(dims);
  for (const int dim : dims) {
    const std::int64_t room = space.level(level).fan_out[a] / spread(plan, space, level, axis);
    const std::int64_t most = std::min(room, space.problem().size(dim));
    plan.at(level, axis)[static_cast<std::size_t>(dim)] = rng.chance(0.5) ? most : random_factor(most, rng);
    settle(plan, space, dim);
  }
}

}  // namespace

Plan random_plan(const MapSpace& space, Rng& rng) {
  Plan plan = trivial_plan(space);
  conform(plan, space);
  for (int level = space.depth() - 1; level >= 0; --level) {
    const auto l = static_cast<std::size_t>(level);
    for (std::size_t r = 0; r < static_cast<std::size_t>(kRoles); ++r) {
      const bool optional = space.level(level).can_keep[r] && !space.level(level).must_keep[r];
      plan.keep[l][r] = plan.keep[l][r] && (!optional || rng.chance(0.7));
    }
    std::vector<std::uint8_t> order(plan.order[l].begin(), plan.order[l].begin() + space.dims());
    rng.shuffle(order);
    std::copy(order.begin(), order.end(), plan.order[l].begin());
    spread_randomly(plan, space, level, 0, rng);
    spread_randomly(plan, space, level, 1, rng);
    for (int dim = 0; level > 0 && dim < space.dims(); ++dim) {
      const auto d = static_cast<std::size_t>(dim);
      plan.at(level, Slot::kTime)[d] = random_factor(plan.at(0, Slot::kTime)[d], rng);
      settle(plan, space, dim);
    }
    if (level > 0) {
      shrink_to_fit(plan, space, level, rng);
    }
  }
  if (space.constraints() != nullptr) {
    conform(plan, space);
  }
  return plan;
}

}  // namespace weft
