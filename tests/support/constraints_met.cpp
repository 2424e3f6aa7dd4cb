// Constraints from a mapping. Shares no code with the checks they are for.
// SPDX-License-Identifier: Apache-2.0
#include "tests/support/constraints_met.hpp"

#include <algorithm>
#include <set>

#include "dataflow/evaluate.hpp"

namespace weft::testing {

namespace {

Range around(Rng& rng, std::int64_t value) {
  switch (rng.uniform(0, 4)) {
    case 0:
      return {value, value};
    case 1:
      return {rng.uniform(1, value), value};
    case 2:
      return {value, value + rng.uniform(0, 3)};
    case 3:
      return {rng.uniform(1, value), value + rng.uniform(0, 3)};
    default:
      return {};
  }
}

std::int64_t extent(const Triple& t, std::size_t level, int dim) {
  std::int64_t product = 1;
  for (std::size_t l = level; l < t.mapping.levels.size(); ++l) {
    for (const Loop& loop : t.mapping.levels[l].temporal) {
      product *= loop.dim == dim ? loop.bound : 1;
    }
    for (const SpatialLoop& loop : t.mapping.levels[l].spatial) {
      product *= loop.dim == dim ? loop.bound : 1;
    }
  }
  return std::min(product, t.problem.size(dim));
}

void order(Rng& rng, const LevelMapping& level, LevelRules& rules) {
  std::vector<int> dims;
  for (const Loop& loop : level.temporal) {
    if (loop.bound > 1) {
      dims.push_back(loop.dim);
    }
  }
  const std::set<int> distinct(dims.begin(), dims.end());
  if (distinct.size() < dims.size() || rng.chance(0.3)) {
    return;
  }
  const auto outer = static_cast<std::size_t>(rng.uniform(0, static_cast<std::int64_t>(dims.size())));
  for (std::size_t i = 0; i < dims.size(); ++i) {
    const auto place = static_cast<int>(i) - static_cast<int>(outer) + (i < outer ? 0 : 1);
    rules.place[static_cast<std::size_t>(dims[i])] =
        static_cast<std::int8_t>(i >= outer && rng.chance(0.3) ? static_cast<int>(dims.size()) : place);
  }
  // Places must not fall: what was moved to the end is only right when all that follow are there too.
  int highest = -static_cast<int>(dims.size());
  for (const int dim : dims) {
    auto& place = rules.place[static_cast<std::size_t>(dim)];
    place = static_cast<std::int8_t>(std::max<int>(place, highest));
    highest = place;
  }
}

}  // namespace

Constraints constraints_met_by(Rng& rng, const Triple& t) {
  Constraints c = no_constraints(t.accelerator);
  c.name = "met";
  bool divides = true;
  for (int d = 0; d < t.problem.rank(); ++d) {
    const auto dim = static_cast<std::size_t>(d);
    std::int64_t all = 1;
    for (std::size_t l = 0; l < t.mapping.levels.size(); ++l) {
      std::int64_t time = 1;
      std::array<std::int64_t, 2> spread{1, 1};
      for (const Loop& loop : t.mapping.levels[l].temporal) {
        time *= loop.dim == d ? loop.bound : 1;
      }
      for (const SpatialLoop& loop : t.mapping.levels[l].spatial) {
        spread[static_cast<std::size_t>(loop.axis)] *= loop.dim == d ? loop.bound : 1;
      }
      all *= time * spread[0] * spread[1];
      if (rng.chance(0.5)) {
        c.levels[l].temporal[dim] = around(rng, time);
        c.levels[l].spatial[0][dim] = around(rng, spread[0]);
        c.levels[l].spatial[1][dim] = around(rng, spread[1]);
      }
      if (rng.chance(0.3)) {
        c.levels[l].extent[dim] = around(rng, extent(t, l, d));
      }
    }
    divides = divides && all == t.problem.size(d);
  }
  for (std::size_t l = 0; l < t.mapping.levels.size(); ++l) {
    order(rng, t.mapping.levels[l], c.levels[l]);
    for (std::size_t r = 0; r < kRoles; ++r) {
      if (rng.chance(0.5)) {
        c.levels[l].keep[r] = t.mapping.levels[l].keep[r];
      }
    }
  }
  c.perfect = divides && rng.chance(0.7);
  c.perfect_temporal = c.perfect || (divides && rng.chance(0.5));
  if (rng.chance(0.5)) {
    const auto cycles = evaluate(t.mapping, t.problem, t.accelerator).timing.compute_cycles;
    const double share = static_cast<double>(macs(t.problem)) / static_cast<double>(cycles) /
                         static_cast<double>(t.accelerator.compute_units());
    c.min_utilization = rng.chance(0.5) ? share : share * rng.unit();
  }
  return c;
}

}  // namespace weft::testing
