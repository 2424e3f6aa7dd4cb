// Constraints on single plans.
// SPDX-License-Identifier: Apache-2.0
#include "mapper/conform.hpp"

#include <algorithm>

#include "base/checked.hpp"
#include "dataflow/tile_extents.hpp"

namespace weft {

namespace {

constexpr std::int64_t kMost = std::numeric_limits<std::int64_t>::max();

// The bounds of one dim from the innermost slot to the outermost, each as near to what it was as the ranges
// and what the slots further out can take leave it.
class DimSettler {
 public:
  DimSettler(Plan& plan, const MapSpace& space, int dim)
      : plan_(plan),
        space_(space),
        rules_(*space.constraints()),
        dim_(dim),
        d_(static_cast<std::size_t>(dim)),
        size_(space.problem().size(dim)),
        outside_(plan.bounds.size()) {}

  void run() {
    look_outwards();
    std::int64_t stride = 1;
    for (std::size_t slot = plan_.bounds.size(); slot-- > 0;) {
      const std::int64_t bound = choose(slot, stride);
      plan_.bounds[slot][d_] = bound;
      stride = saturating_mul(stride, bound);
    }
  }

 private:
  struct Outside {
    std::int64_t least = 1, most = 1;  // products of the slots further out
    std::int64_t extent = kMost;       // largest tile that this level and those further out allow
  };

  [[nodiscard]] Range range_of(std::size_t slot) const {
    const std::size_t level = slot / kSlots;
    const LevelRules& rules = rules_.levels[level];
    const auto kind = static_cast<Slot>(slot % kSlots);
    if (kind == Slot::kTime) {
      return rules.temporal[d_];
    }
    const std::size_t axis = kind == Slot::kX ? 0 : 1;
    const MapSpace::Level& here = space_.level(static_cast<int>(level));
    const auto& dims = here.spatial_dims[axis];
    const bool spread = std::find(dims.begin(), dims.end(), dim_) != dims.end();
    const Range range = rules.spatial[axis][d_];
    return {range.low, std::max(range.low, spread ? std::min(range.high, here.fan_out[axis]) : 1)};
  }

  // Spatial slots count as what the plan has there: growing them is not for one dim to decide.
  void look_outwards() {
    Outside outside;
    for (std::size_t slot = 0; slot < plan_.bounds.size(); ++slot) {
      const Range range = range_of(slot);
      outside_[slot] = outside;
      const bool time = slot % kSlots == static_cast<std::size_t>(Slot::kTime);
      const std::int64_t most = time ? range.high : std::clamp(plan_.bounds[slot][d_], range.low, range.high);
      outside.least = saturating_mul(outside.least, range.low);
      outside.most = saturating_mul(outside.most, most);
      if (time) {
        const std::size_t level = slot / kSlots;
        outside.extent = level == 0 ? kMost : std::min(outside.extent, rules_.levels[level].extent[d_].high);
        outside_[slot].extent = outside.extent;
      }
    }
  }

  [[nodiscard]] std::int64_t choose(std::size_t slot, std::int64_t stride) const {
    const Outside& outside = outside_[slot];
    const Range range = range_of(slot);
    const std::int64_t left = ceil_div(size_, stride);
    std::int64_t low = std::max(range.low, ceil_div(left, outside.most));
    std::int64_t high = std::min(range.high, ceil_div(left, outside.least));
    high = std::min(high, std::max<std::int64_t>(1, outside.extent / stride));
    if (slot % kSlots == static_cast<std::size_t>(Slot::kTime) && slot > 0) {
      const std::int64_t extent = rules_.levels[slot / kSlots].extent[d_].low;
      low = std::max(low, ceil_div(std::min(extent, size_), stride));
    }
    low = std::min(low, left);
    high = std::clamp(high, low, left);
    const std::int64_t wanted = slot == 0 ? left : std::clamp(plan_.bounds[slot][d_], low, high);
    return divides(slot, stride, wanted) ? wanted : divisor(stride, wanted, low, high);
  }

  [[nodiscard]] bool divides(std::size_t slot, std::int64_t stride, std::int64_t bound) const {
    if (!rules_.perfect && !rules_.perfect_temporal) {
      return true;
    }
    const bool time = slot % kSlots == static_cast<std::size_t>(Slot::kTime);
    const bool rest = saturating_mul(stride, bound) >= size_;  // nothing is left for loops further out
    return size_ % saturating_mul(stride, bound) == 0 || (!time && !rules_.perfect && rest);
  }

  // The divisor of what is left that is nearest to the wanted bound, below it where there is one.
  [[nodiscard]] std::int64_t divisor(std::int64_t stride, std::int64_t wanted, std::int64_t low,
                                     std::int64_t high) const {
    constexpr std::int64_t kTries = 4096;
    if (size_ % stride != 0) {
      return wanted;
    }
    const std::int64_t left = size_ / stride;
    for (std::int64_t b = wanted; b >= low && b > wanted - kTries; --b) {
      if (left % b == 0) {
        return b;
      }
    }
    for (std::int64_t b = wanted + 1; b <= high && b < wanted + kTries; ++b) {
      if (left % b == 0) {
        return b;
      }
    }
    return low <= 1 ? 1 : wanted;
  }

  Plan& plan_;
  const MapSpace& space_;
  const Constraints& rules_;
  int dim_;
  std::size_t d_;
  std::int64_t size_;
  std::vector<Outside> outside_;  // [slot]
};

// What the spatial loops have to be at least: what the rules say, and for dims that the temporal bounds
// allowed do not cover, what is missing, taken from the first axes that have it.
class SpatialFloors {
 public:
  explicit SpatialFloors(const MapSpace& space)
      : space_(space), floors_(static_cast<std::size_t>(space.depth() * kSlots)) {
    for (DimArray& slot : floors_) {
      slot.fill(1);
    }
    for (int dim = 0; space.constraints() != nullptr && dim < space.dims(); ++dim) {
      raise(static_cast<std::size_t>(dim));
    }
  }

  [[nodiscard]] const DimArray& at(int level, std::size_t axis) const { return floors_[slot(level, axis)]; }

 private:
  [[nodiscard]] static std::size_t slot(int level, std::size_t axis) {
    return static_cast<std::size_t>(level * kSlots) + 1 + axis;
  }

  void raise(std::size_t d) {
    const std::vector<LevelRules>& levels = space_.constraints()->levels;
    std::int64_t reach = 1;
    for (const LevelRules& rules : levels) {
      reach = saturating_mul(reach, rules.temporal[d].high);
    }
    std::int64_t missing = ceil_div(space_.problem().dims[d].size, reach);
    for (int level = space_.depth() - 1; level >= 0; --level) {
      for (std::size_t axis = 0; axis < 2; ++axis) {
        const MapSpace::Level& here = space_.level(level);
        const Range& range = levels[static_cast<std::size_t>(level)].spatial[axis][d];
        const auto& dims = here.spatial_dims[axis];
        const bool spread = std::find(dims.begin(), dims.end(), static_cast<int>(d)) != dims.end();
        const std::int64_t most = spread ? std::min(range.high, here.fan_out[axis]) : 1;
        const std::int64_t floor = std::max(range.low, std::min(missing, most));
        floors_[slot(level, axis)][d] = floor;
        missing = ceil_div(missing, floor);
      }
    }
  }

  const MapSpace& space_;
  std::vector<DimArray> floors_;
};

// Dims that ask for a share of an axis get it; the others shrink, the widest first.
void fit_axis(Plan& plan, const MapSpace& space, int level, std::size_t axis, const DimArray& floors) {
  const Slot slot = axis == 0 ? Slot::kX : Slot::kY;
  const std::int64_t room = space.level(level).fan_out[axis];
  DimArray& bounds = plan.at(level, slot);
  for (std::size_t d = 0; d < static_cast<std::size_t>(space.dims()); ++d) {
    bounds[d] = std::max(bounds[d], floors[d]);
  }
  while (spread(plan, space, level, slot) > room) {
    std::size_t widest = kMaxDims;
    for (std::size_t d = 0; d < static_cast<std::size_t>(space.dims()); ++d) {
      if (bounds[d] > floors[d] && (widest == kMaxDims || bounds[d] > bounds[widest])) {
        widest = d;
      }
    }
    if (widest == kMaxDims) {
      return;
    }
    const std::int64_t others = spread(plan, space, level, slot) / bounds[widest];
    bounds[widest] = std::clamp(room / others, floors[widest], std::max(floors[widest], bounds[widest] - 1));
  }
}

}  // namespace

void settle(Plan& plan, const MapSpace& space, int dim) {
  repair(plan, dim, space.problem().size(dim));
  if (space.constraints() != nullptr) {
    DimSettler(plan, space, dim).run();
  }
}

void settle_balanced(Plan& plan, const MapSpace& space, int dim) {
  balance(plan, dim, space.problem().size(dim));
  if (space.constraints() != nullptr) {
    DimSettler(plan, space, dim).run();
  }
}

void conform(Plan& plan, const MapSpace& space) {
  const SpatialFloors floors(space);
  for (int level = 0; level < space.depth(); ++level) {
    for (std::size_t r = 0; r < static_cast<std::size_t>(kRoles); ++r) {
      bool& keep = plan.keep[static_cast<std::size_t>(level)][r];
      keep = (keep && space.level(level).can_keep[r]) || space.level(level).must_keep[r];
    }
    fit_axis(plan, space, level, 0, floors.at(level, 0));
    fit_axis(plan, space, level, 1, floors.at(level, 1));
  }
  for (int dim = 0; dim < space.dims(); ++dim) {
    settle(plan, space, dim);
  }
}

void shrink_to_fit(Plan& plan, const MapSpace& space, int level, Rng& rng) {
  for (int attempt = 0; attempt < 64 && !fits(plan, space, level); ++attempt) {
    const int dim = static_cast<int>(rng.uniform(0, space.dims() - 1));
    std::int64_t& bound = plan.at(level, Slot::kTime)[static_cast<std::size_t>(dim)];
    bound = bound / 2;
    settle(plan, space, dim);
  }
}

Plan plan_of(const Mapping& mapping, const MapSpace& space) {
  Plan plan = trivial_plan(space);
  for (int level = 0; level < space.depth(); ++level) {
    const auto l = static_cast<std::size_t>(level);
    const LevelMapping& here = mapping.levels[l];
    plan.keep[l] = here.keep;
    for (const Slot slot : {Slot::kTime, Slot::kX, Slot::kY}) {
      plan.at(level, slot).fill(1);
    }
    auto next = plan.order[l].begin();
    const auto take = [&](int dim) {
      const auto found = std::find(next, plan.order[l].end(), static_cast<std::uint8_t>(dim));
      if (found != plan.order[l].end()) {
        std::rotate(next, found, found + 1);
        ++next;
      }
    };
    for (const Loop& loop : here.temporal) {
      plan.at(level, Slot::kTime)[static_cast<std::size_t>(loop.dim)] *= loop.bound;
      take(loop.dim);
    }
    for (const SpatialLoop& loop : here.spatial) {
      const Slot slot = loop.axis == Axis::kX ? Slot::kX : Slot::kY;
      plan.at(level, slot)[static_cast<std::size_t>(loop.dim)] *= loop.bound;
    }
  }
  repair_all(plan, space);
  return plan;
}

}  // namespace weft
