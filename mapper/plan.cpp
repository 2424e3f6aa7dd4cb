// Repairs, measures and converts plans.
// SPDX-License-Identifier: Apache-2.0
#include "mapper/plan.hpp"

#include <algorithm>

#include "base/checked.hpp"

namespace weft {

namespace {

std::size_t slots(const Plan& plan) {
  return plan.bounds.size();
}

}  // namespace

Plan trivial_plan(const MapSpace& space) {
  Plan plan;
  DimArray ones;
  ones.fill(1);
  plan.bounds.assign(static_cast<std::size_t>(space.depth() * kSlots), ones);
  std::array<std::uint8_t, kMaxDims> order{};
  for (std::size_t i = 0; i < order.size(); ++i) {
    order[i] = static_cast<std::uint8_t>(i);
  }
  plan.order.assign(static_cast<std::size_t>(space.depth()), order);
  for (int level = 0; level < space.depth(); ++level) {
    plan.keep.push_back(space.level(level).can_keep);
  }
  repair_all(plan, space);
  return plan;
}

void repair(Plan& plan, int dim, std::int64_t size) {
  const auto d = static_cast<std::size_t>(dim);
  std::int64_t stride = 1;
  for (std::size_t slot = slots(plan); slot-- > 1;) {
    std::int64_t& bound = plan.bounds[slot][d];
    bound = std::clamp<std::int64_t>(bound, 1, ceil_div(size, stride));
    stride *= bound;
  }
  plan.bounds[0][d] = ceil_div(size, stride);
}

void balance(Plan& plan, int dim, std::int64_t size) {
  repair(plan, dim, size);
  const auto d = static_cast<std::size_t>(dim);
  std::int64_t inside = 1;
  for (std::size_t slot = 1; slot < slots(plan); ++slot) {
    inside *= plan.bounds[slot][d];
  }
  std::int64_t outside = plan.bounds[0][d];
  for (std::size_t slot = 1; slot < slots(plan); ++slot) {
    std::int64_t& bound = plan.bounds[slot][d];
    inside /= bound;
    if (slot % kSlots == static_cast<std::size_t>(Slot::kTime)) {
      bound = std::min(bound, ceil_div(ceil_div(size, outside), inside));
    }
    outside *= bound;
  }
  repair(plan, dim, size);
}

void repair_all(Plan& plan, const MapSpace& space) {
  for (int dim = 0; dim < space.dims(); ++dim) {
    repair(plan, dim, space.problem().size(dim));
  }
}

DimArray tile_extents(const Plan& plan, const MapSpace& space, int level) {
  DimArray extents;
  extents.fill(1);
  for (std::size_t slot = static_cast<std::size_t>(level * kSlots); slot < slots(plan); ++slot) {
    for (std::size_t d = 0; d < static_cast<std::size_t>(space.dims()); ++d) {
      extents[d] *= plan.bounds[slot][d];
    }
  }
  for (int dim = 0; dim < space.dims(); ++dim) {
    std::int64_t& extent = extents[static_cast<std::size_t>(dim)];
    extent = std::min(extent, space.problem().size(dim));
  }
  return extents;
}

std::int64_t spread(const Plan& plan, const MapSpace& space, int level, Slot axis) {
  std::int64_t product = 1;
  for (std::size_t d = 0; d < static_cast<std::size_t>(space.dims()); ++d) {
    product *= plan.at(level, axis)[d];
  }
  return product;
}

namespace {

bool is_time(std::size_t slot) {
  return slot % kSlots == static_cast<std::size_t>(Slot::kTime);
}

bool divides(const Plan& plan, std::size_t dim, std::int64_t left) {
  for (std::size_t slot = slots(plan); slot-- > 1;) {
    const std::int64_t bound = plan.bounds[slot][dim];
    if (is_time(slot) && left % bound != 0) {
      return false;
    }
    left = ceil_div(left, bound);
  }
  return true;
}

// Has the innermost level all that the fan-outs leave?
bool is_all_in(const Plan& plan, std::size_t dim, std::int64_t left) {
  std::int64_t inside = 1;
  for (std::size_t slot = slots(plan); slot-- > 0;) {
    const std::int64_t bound = plan.bounds[slot][dim];
    if (!is_time(slot)) {
      left = ceil_div(left, bound);
    } else if (slot / kSlots + 1 == plan.keep.size()) {
      inside = bound;
    } else if (bound > 1) {
      return false;
    }
  }
  return inside == left;
}

}  // namespace

bool is_even(const Plan& plan, const MapSpace& space) {
  for (int dim = 0; dim < space.dims(); ++dim) {
    const auto d = static_cast<std::size_t>(dim);
    const std::int64_t size = space.problem().size(dim);
    if (!divides(plan, d, size) && !is_all_in(plan, d, size)) {
      return false;
    }
  }
  return true;
}

bool fits(const Plan& plan, const MapSpace& space, int deepest) {
  for (int level = deepest; level >= 0; --level) {
    if (!space.fits(level, plan.keep[static_cast<std::size_t>(level)], tile_extents(plan, space, level))) {
      return false;
    }
  }
  return true;
}

std::array<std::uint8_t, kMaxDims> order_at(const Plan& plan, const MapSpace& space, int level) {
  auto order = plan.order[static_cast<std::size_t>(level)];
  if (space.constraints() != nullptr) {
    const auto& place = space.constraints()->levels[static_cast<std::size_t>(level)].place;
    std::stable_sort(order.begin(), order.end(),
                     [&place](std::uint8_t a, std::uint8_t b) { return place[a] < place[b]; });
  }
  return order;
}

Mapping to_mapping(const Plan& plan, const MapSpace& space) {
  Mapping mapping;
  mapping.levels.resize(static_cast<std::size_t>(space.depth()));
  for (int level = 0; level < space.depth(); ++level) {
    const auto l = static_cast<std::size_t>(level);
    LevelMapping& here = mapping.levels[l];
    here.keep = plan.keep[l];
    const auto order = order_at(plan, space, level);
    const auto each_dim = [&](const DimArray& bounds, auto&& add) {
      for (const std::uint8_t d : order) {
        if (d < space.dims() && bounds[d] > 1) {
          add(static_cast<int>(d), bounds[d]);
        }
      }
    };
    const DimArray& time = plan.at(level, Slot::kTime);
    here.temporal.reserve(static_cast<std::size_t>(
        std::count_if(time.begin(), time.end(), [](std::int64_t bound) { return bound > 1; })));
    each_dim(time, [&](int dim, std::int64_t bound) { here.temporal.push_back({dim, bound}); });
    each_dim(plan.at(level, Slot::kX), [&](int dim, std::int64_t bound) {
      here.spatial.push_back({dim, bound, Axis::kX});
    });
    each_dim(plan.at(level, Slot::kY), [&](int dim, std::int64_t bound) {
      here.spatial.push_back({dim, bound, Axis::kY});
    });
  }
  return mapping;
}

}  // namespace weft
