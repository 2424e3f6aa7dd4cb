// Greedy construction of mappings: tiles for a spatial split.
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <cmath>

#include <boost/container/small_vector.hpp>
#include <boost/container/static_vector.hpp>

#include "base/checked.hpp"
#include "mapper/conform.hpp"
#include "mapper/construct.hpp"

namespace weft {

namespace {

// What tiles of a level cost and take.
struct Tiles {
  // Into them, estimated without sliding windows: each tensor's tile times the trips outside, where the trips
  // that do not concern the stationary tensor leave it in place.
  double traffic = 0;
  double bits = 0;
};

// Larger bounds of a temporal loop that leave fewer rounds outside: one round less, a half, a third;
// ascending.
using Bounds = boost::container::static_vector<std::int64_t, 3>;
Bounds larger_bounds(std::int64_t rest, std::int64_t bound) {
  const std::int64_t rounds = ceil_div(rest, bound);
  Bounds result;
  for (const std::int64_t fewer : {rounds - 1, ceil_div(rounds, 2), ceil_div(rounds, 3)}) {
    if (fewer < 1 || fewer >= rounds) {
      continue;
    }
    const std::int64_t larger = ceil_div(rest, fewer);
    if (result.empty() || result.back() < larger) {
      result.push_back(larger);
    }
  }
  return result;
}

class Grower {
 public:
  Grower(Plan& plan, const MapSpace& space, const GrowOptions& options)
      : plan_(plan), space_(space), options_(options) {
    for (const Role role : kAllRoles) {
      for (int dim = 0; dim < space.dims(); ++dim) {
        brings_anew_[static_cast<std::size_t>(index_of(role))][static_cast<std::size_t>(dim)] =
            role != options.stationary || relevant(space.problem().tensor(role), dim);
      }
    }
  }

  void grow(int level) {
    while (step(level)) {
    }
  }

 private:
  // The bounds of one dim, by slot: all that a step changes.
  using Column = boost::container::small_vector<std::int64_t, kSlots * 6>;

  // Takes the best step; false when there is none.
  bool step(int level) {
    const DimArray before = tile_extents(plan_, space_, level);
    const Tiles old = tiles(level, before);
    Column best;
    int best_dim = -1;
    double best_gain = 0;
    for (int dim = 0; dim < space_.dims(); ++dim) {
      const Column unchanged = column(dim);
      for (const std::int64_t bound : candidates(level, dim, before)) {
        plan_.at(level, Slot::kTime)[static_cast<std::size_t>(dim)] = bound;
        settle(plan_, space_, dim);
        const Tiles now = tiles(level, tile_extents(plan_, space_, level));
        const double saved = std::log(old.traffic / now.traffic);
        const double room = std::log(now.bits / old.bits);
        // A step that takes no room is free: rank it by what it saves, above all others.
        const double gain = room > 1e-9 ? saved / room : saved * 1e9;
        if (gain > best_gain * (1 + 1e-9) && saved > 1e-12 && fits(plan_, space_, level)) {
          best = column(dim);
          best_dim = dim;
          best_gain = gain;
        }
        set_column(dim, unchanged);
      }
    }
    if (best_dim >= 0) {
      set_column(best_dim, best);
    }
    return best_gain > 0;
  }

  [[nodiscard]] Column column(int dim) const {
    Column result;
    for (const DimArray& bounds : plan_.bounds) {
      result.push_back(bounds[static_cast<std::size_t>(dim)]);
    }
    return result;
  }
  void set_column(int dim, const Column& bounds) {
    for (std::size_t slot = 0; slot < bounds.size(); ++slot) {
      plan_.bounds[slot][static_cast<std::size_t>(dim)] = bounds[slot];
    }
  }

  [[nodiscard]] Tiles tiles(int level, const DimArray& extents) const {
    DimArray rounds{};
    for (int dim = 0; dim < space_.dims(); ++dim) {
      const auto d = static_cast<std::size_t>(dim);
      rounds[d] = ceil_div(space_.problem().size(dim), extents[d]);
    }
    Tiles result;
    for (const Role role : kAllRoles) {
      const auto r = static_cast<std::size_t>(index_of(role));
      if (!plan_.keep[static_cast<std::size_t>(level)][r]) {
        continue;
      }
      double trips = 1;
      for (std::size_t d = 0; d < static_cast<std::size_t>(space_.dims()); ++d) {
        if (brings_anew_[r][d]) {
          trips *= static_cast<double>(rounds[d]);
        }
      }
      const auto words = static_cast<double>(space_.tile_words(role, extents));
      const int bits = space_.problem().tensor(role).bits;
      result.traffic += trips * words * bits * options_.weight[r] *
                        (role == Role::kOutputs && role != options_.stationary ? 2 : 1);
      result.bits += words * bits;
    }
    return result;
  }

  [[nodiscard]] Bounds candidates(int level, int dim, const DimArray& extents) const {
    const auto d = static_cast<std::size_t>(dim);
    const std::int64_t bound = plan_.at(level, Slot::kTime)[d];
    std::int64_t spatial_outside = 1;  // leave enough of the dim for the fan-outs outside
    for (int outer = 0; outer < level; ++outer) {
      spatial_outside *= plan_.at(outer, Slot::kX)[d] * plan_.at(outer, Slot::kY)[d];
    }
    const std::int64_t stride = std::max<std::int64_t>(1, extents[d] / bound);
    const std::int64_t share = ceil_div(space_.problem().size(dim), spatial_outside * limit(level));
    return larger_bounds(ceil_div(share, stride), bound);
  }
  // Inner levels leave room for the outer ones; the outermost buffer takes all it can.
  [[nodiscard]] std::int64_t limit(int level) const { return level > 1 ? options_.fill : 1; }

  Plan& plan_;
  const MapSpace& space_;
  GrowOptions options_;
  PerRole<std::array<bool, kMaxDims>> brings_anew_{};  // [tensor][dim]: its rounds bring another tile
};

}  // namespace

void order_loops(Plan& plan, const MapSpace& space, int level, Role stationary) {
  auto& order = plan.order[static_cast<std::size_t>(level)];
  std::stable_partition(order.begin(), order.begin() + space.dims(), [&](std::uint8_t dim) {
    return relevant(space.problem().tensor(stationary), static_cast<int>(dim));
  });
}

void grow_tiles(Plan& plan, const MapSpace& space, const GrowOptions& options) {
  Grower grower(plan, space, options);
  for (int level = space.depth() - 1; level > 0; --level) {
    grower.grow(level);
  }
  for (int dim = 0; dim < space.dims(); ++dim) {
    settle_balanced(plan, space, dim);
  }
  for (int level = 0; level < space.depth(); ++level) {
    order_loops(plan, space, level, options.stationary);
  }
}

}  // namespace weft
