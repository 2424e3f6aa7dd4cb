// Greedy construction of mappings: spatial splits.
// SPDX-License-Identifier: Apache-2.0
#include "mapper/construct.hpp"

#include <algorithm>
#include <array>
#include <numeric>
#include <set>

#include "base/checked.hpp"
#include "mapper/conform.hpp"

namespace weft {

namespace {

constexpr std::size_t kBeam = 48;

struct SpatialState {
  Plan plan;
  DimArray left;  // extent of each dim that is not spread yet
  double iterations = 1;
};

// One or two dims spread along an axis of a state; made a state only if it is kept.
struct Spread {
  std::size_t from = 0;
  std::array<int, 2> dims = {-1, -1};
  std::array<std::int64_t, 2> bounds = {1, 1};
  double iterations = 1;
};

DimArray left_after(const SpatialState& state, const Spread& spread) {
  DimArray left = state.left;
  for (std::size_t i = 0; i < 2 && spread.dims[i] >= 0; ++i) {
    std::int64_t& own = left[static_cast<std::size_t>(spread.dims[i])];
    own = ceil_div(own, spread.bounds[i]);
  }
  return left;
}

double iterations_of(const DimArray& left, int dims) {
  double product = 1;
  for (std::size_t d = 0; d < static_cast<std::size_t>(dims); ++d) {
    product *= static_cast<double>(left[d]);
  }
  return product;
}

// The smallest bound that needs no more rounds than `bound` does.
std::int64_t even(std::int64_t extent, std::int64_t bound) {
  return ceil_div(extent, ceil_div(extent, bound));
}

// Bounds worth trying for one of two dims that share an axis.
std::vector<std::int64_t> shares(std::int64_t extent, std::int64_t room) {
  std::set<std::int64_t> result;
  for (const std::int64_t part : {1, 2, 3, 4, 6, 8, 16}) {
    if (room / part > 1) {
      result.insert(even(extent, std::min(extent, room / part)));
    }
  }
  result.erase(1);
  return {result.rbegin(), result.rend()};
}

// The best of every set of spread dims, then the best of all.
std::vector<Spread> best_of(const std::vector<Spread>& all) {
  std::vector<std::size_t> order(all.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(),
                   [&](std::size_t a, std::size_t b) { return all[a].iterations < all[b].iterations; });
  std::vector<Spread> kept;
  std::vector<Spread> spare;
  std::set<std::uint32_t> keys;
  for (const std::size_t at : order) {
    std::uint32_t key = 0;
    for (const int dim : all[at].dims) {
      key |= dim >= 0 ? 1U << static_cast<unsigned>(dim) : 0U;
    }
    (keys.insert(key).second ? kept : spare).push_back(all[at]);
  }
  kept.insert(kept.end(), spare.begin(), spare.end());
  kept.resize(std::min(kept.size(), kBeam));
  return kept;
}

void expand_axis(std::vector<SpatialState>& states, const MapSpace& space, int level, Slot axis) {
  const auto a = static_cast<std::size_t>(axis == Slot::kX ? 0 : 1);
  const std::int64_t room = space.level(level).fan_out[a];
  const std::vector<int>& allowed = space.level(level).spatial_dims[a];
  if (room < 2 || allowed.empty()) {
    return;
  }
  std::vector<Spread> spreads;
  const auto add = [&](Spread spread) {
    spread.iterations = iterations_of(left_after(states[spread.from], spread), space.dims());
    spreads.push_back(spread);
  };
  for (std::size_t from = 0; from < states.size(); ++from) {
    add({from});
  }
  for (std::size_t from = 0; from < states.size(); ++from) {
    const DimArray& left = states[from].left;
    for (const int first : allowed) {
      for (const std::int64_t bound : shares(left[static_cast<std::size_t>(first)], room)) {
        add({from, {first, -1}, {bound, 1}});
        for (const int second : allowed) {
          const std::int64_t extent = left[static_cast<std::size_t>(second)];
          const std::int64_t rest = std::min(room / bound, extent);
          if (second != first && rest > 1) {
            add({from, {first, second}, {bound, even(extent, rest)}});
          }
        }
      }
    }
  }
  std::vector<SpatialState> next;
  for (const Spread& spread : best_of(spreads)) {
    SpatialState& state = next.emplace_back(states[spread.from]);
    state.left = left_after(state, spread);
    state.iterations = spread.iterations;
    for (std::size_t i = 0; i < 2 && spread.dims[i] >= 0; ++i) {
      state.plan.at(level, axis)[static_cast<std::size_t>(spread.dims[i])] *= spread.bounds[i];
    }
  }
  states = std::move(next);
}

}  // namespace

std::vector<Plan> spatial_plans(const MapSpace& space, std::size_t count) {
  SpatialState start;
  start.plan = trivial_plan(space);
  start.left.fill(1);
  for (int dim = 0; dim < space.dims(); ++dim) {
    start.left[static_cast<std::size_t>(dim)] = space.problem().size(dim);
  }
  std::vector<SpatialState> states = {start};
  for (int level = space.depth() - 1; level >= 0; --level) {
    expand_axis(states, space, level, Slot::kX);
    expand_axis(states, space, level, Slot::kY);
  }
  std::stable_sort(states.begin(), states.end(),
                   [](const SpatialState& a, const SpatialState& b) { return a.iterations < b.iterations; });
  std::vector<Plan> plans;
  for (std::size_t i = 0; i < states.size() && i + 1 < count; ++i) {
    plans.push_back(std::move(states[i].plan));
    conform(plans.back(), space);
  }
  plans.push_back(trivial_plan(space));
  conform(plans.back(), space);
  return plans;
}

}  // namespace weft
