// SPDX-License-Identifier: Apache-2.0
#include "dataflow/skew.hpp"

#include <algorithm>

namespace weft {

namespace {

// Adds a fan-out of which `x` by `y` instances work.
void add(Skew& skew, const FanOut& fanout, std::int64_t x, std::int64_t y) {
  const std::int64_t hops = x + y - 2;
  if (fanout.network[0] == NetworkKind::kSystolic || fanout.network[1] == NetworkKind::kSystolic) {
    skew.in += hops;
  }
  if (fanout.network[2] == NetworkKind::kSystolic) {
    skew.out += hops;
  }
  if (fanout.outlet == Outlet::kEdge) {
    skew.out += (fanout.x - x) + (fanout.y - y);
  }
}

}  // namespace

Skew skew(const Mapping& mapping, const Accelerator& accelerator) {
  Skew result;
  for (std::size_t level = 0; level < mapping.levels.size(); ++level) {
    std::array<std::int64_t, 2> used = {1, 1};
    for (const SpatialLoop& loop : mapping.levels[level].spatial) {
      used[loop.axis == Axis::kX ? 0 : 1] *= loop.bound;
    }
    add(result, accelerator.levels[level].fanout, used[0], used[1]);
  }
  result.out += accelerator.compute.latency_cycles - 1;
  return result;
}

StepSkew::StepSkew(const Nest& nest, const Mapping& mapping, const Accelerator& accelerator)
    : nest_(nest), accelerator_(accelerator), levels_(mapping.levels.size()) {
  std::vector<std::int64_t> inside(static_cast<std::size_t>(nest.rank()), 1);
  for (std::size_t level = levels_.size(); level-- > 0;) {
    std::array<std::int64_t, 2> hops = {1, 1};
    const auto& spatial = mapping.levels[level].spatial;
    for (auto loop = spatial.rbegin(); loop != spatial.rend(); ++loop) {
      const std::size_t axis = loop->axis == Axis::kX ? 0 : 1;
      std::int64_t& stride = inside[static_cast<std::size_t>(loop->dim)];
      levels_[level][axis].push_back({loop->dim, loop->bound, stride, hops[axis]});
      stride *= loop->bound;
      hops[axis] *= loop->bound;
    }
    for (const Loop& loop : mapping.levels[level].temporal) {
      inside[static_cast<std::size_t>(loop.dim)] *= loop.bound;
    }
    for (auto& axis : levels_[level]) {
      std::reverse(axis.begin(), axis.end());
    }
  }
}

// The most hops that digits of one dim reach while their index stays within `last_index`: they go along the
// last index, or one of them stays one below and all further in are at their bounds.
std::int64_t StepSkew::farthest(const std::vector<SpatialDigit>& axis, int dim,
                                std::int64_t last_index) const {
  std::int64_t most = 0;
  std::int64_t along = 0;
  for (std::size_t i = 0; i < axis.size(); ++i) {
    if (axis[i].dim != dim) {
      continue;
    }
    const std::int64_t digit = std::min(axis[i].bound - 1, last_index / axis[i].stride);
    if (digit > 0) {
      std::int64_t below = along + (digit - 1) * axis[i].hops;
      for (std::size_t j = i + 1; j < axis.size(); ++j) {
        below += axis[j].dim == dim ? (axis[j].bound - 1) * axis[j].hops : 0;
      }
      most = std::max(most, below);
    }
    along += digit * axis[i].hops;
    last_index -= digit * axis[i].stride;
  }
  return std::max(most, along);
}

std::int64_t StepSkew::used(const std::vector<SpatialDigit>& axis, std::span<const std::int64_t> base) const {
  std::int64_t position = 0;
  for (int dim = 0; dim < nest_.rank(); ++dim) {
    position += farthest(axis, dim, nest_.size(dim) - 1 - base[static_cast<std::size_t>(dim)]);
  }
  return position + 1;
}

Skew StepSkew::at(std::span<const std::int64_t> base) const {
  Skew result;
  for (std::size_t level = 0; level < levels_.size(); ++level) {
    add(result, accelerator_.levels[level].fanout, used(levels_[level][0], base),
        used(levels_[level][1], base));
  }
  result.out += accelerator_.compute.latency_cycles - 1;
  return result;
}

}  // namespace weft
