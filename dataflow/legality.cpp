// The checks of a mapping against a machine, cheapest first. Nothing here allocates: searches call check()
// for every candidate.
// SPDX-License-Identifier: Apache-2.0
#include "dataflow/legality.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "base/checked.hpp"
#include "dataflow/tile_extents.hpp"

namespace weft {
namespace {

constexpr std::int64_t kMax = std::numeric_limits<std::int64_t>::max();

struct Subject {
  const Mapping& mapping;
  const Problem& problem;
  const Accelerator& accelerator;

  [[nodiscard]] const LevelMapping& at(int level) const {
    return mapping.levels[static_cast<std::size_t>(level)];
  }
  [[nodiscard]] const StorageLevel& machine(int level) const {
    return accelerator.levels[static_cast<std::size_t>(level)];
  }
  [[nodiscard]] bool keeps(int level, Role role) const {
    return at(level).keep[static_cast<std::size_t>(index_of(role))];
  }
};

std::optional<Rejection> check_loop(const Subject& s, int level, int dim, std::int64_t bound) {
  if (dim < 0 || dim >= s.problem.rank()) {
    return Rejection{Reason::kShape, level, dim, bound, 0};
  }
  return bound < 1 ? std::optional(Rejection{Reason::kShape, level, dim, bound, s.problem.size(dim)})
                   : std::nullopt;
}

std::optional<Rejection> check_shape(const Subject& s) {
  const auto levels = static_cast<int>(s.mapping.levels.size());
  if (levels != s.accelerator.depth()) {
    return Rejection{Reason::kShape, -1, -1, s.accelerator.depth(), levels};
  }
  for (int l = 0; l < levels; ++l) {
    for (const Loop& loop : s.at(l).temporal) {
      if (const auto found = check_loop(s, l, loop.dim, loop.bound)) {
        return found;
      }
    }
    for (const SpatialLoop& loop : s.at(l).spatial) {
      if (const auto found = check_loop(s, l, loop.dim, loop.bound)) {
        return found;
      }
    }
  }
  return std::nullopt;
}

// A loop iterates usefully up to size / stride, rounded up: where its bound times its stride stays within the
// tile outside, that is at least the bound; where not, the tile ends where the dim does.
void check_useful(const Subject& s, int level, int dim, std::int64_t bound, TileExtents& inside,
                  std::optional<Rejection>& found) {
  const std::int64_t useful = ceil_div(s.problem.size(dim), inside[dim]);
  if (bound > useful) {
    found = Rejection{Reason::kEmptyIterations, level, dim, bound, useful};
  }
  inside.multiply(dim, bound);
}

// Coverage, then empty iterations. Strides grow outwards, so the last obstacle met is the outermost one.
std::optional<Rejection> check_bounds(const Subject& s) {
  std::optional<Rejection> found;
  TileExtents inside;
  for (int l = s.accelerator.depth() - 1; l >= 0; --l) {
    const auto& spatial = s.at(l).spatial;
    const auto& temporal = s.at(l).temporal;
    for (auto loop = spatial.rbegin(); loop != spatial.rend(); ++loop) {
      check_useful(s, l, loop->dim, loop->bound, inside, found);
    }
    for (auto loop = temporal.rbegin(); loop != temporal.rend(); ++loop) {
      check_useful(s, l, loop->dim, loop->bound, inside, found);
    }
  }
  for (int d = 0; d < s.problem.rank(); ++d) {
    if (inside[d] < s.problem.size(d)) {
      return Rejection{Reason::kCoverage, -1, d, s.problem.size(d), inside[d]};
    }
  }
  return found;
}

std::optional<Rejection> check_fanout(const Subject& s) {
  for (int l = 0; l < s.accelerator.depth(); ++l) {
    for (const Axis axis : {Axis::kX, Axis::kY}) {
      std::int64_t used = 1;
      for (const SpatialLoop& loop : s.at(l).spatial) {
        used = loop.axis == axis ? saturating_mul(used, loop.bound) : used;
      }
      const std::int64_t available = axis == Axis::kX ? s.machine(l).fanout.x : s.machine(l).fanout.y;
      if (used > available) {
        return Rejection{Reason::kFanOut, l, static_cast<int>(axis), used, available};
      }
    }
  }
  return std::nullopt;
}

std::optional<Rejection> check_axis_dims(const Subject& s) {
  for (int l = 0; l < s.accelerator.depth(); ++l) {
    for (const SpatialLoop& loop : s.at(l).spatial) {
      const auto& words = s.machine(l).fanout.allowed_dims[static_cast<std::size_t>(loop.axis)];
      if (loop.bound > 1 && !may_spread(s.problem, loop.dim, words)) {
        return Rejection{Reason::kAxisDims, l, loop.dim, loop.bound, 1};
      }
    }
  }
  return std::nullopt;
}

std::optional<Rejection> check_memory(const Subject& s, int level, int memory, const TileExtents& extents) {
  const Memory& store = s.machine(level).memories[static_cast<std::size_t>(memory)];
  const std::int64_t available = usable_bits(store);
  if (available == kMax) {
    return std::nullopt;
  }
  Rejection full{Reason::kCapacity, level, memory, 0, available};
  double needed = 0;
  for (const Role role : kAllRoles) {
    if (s.keeps(level, role) && s.machine(level).memory_index(role) == memory) {
      const std::int64_t words = words_inside(s.problem.tensor(role), extents);
      needed += static_cast<double>(words) * capacity_bits(s.accelerator, s.problem, level, role);
      full.tensors[static_cast<std::size_t>(index_of(role))] = true;
    }
  }
  full.needed = whole_bits(needed);
  return needed > static_cast<double>(available) ? std::optional(full) : std::nullopt;
}

// Walks outwards with the tile growing, so the last obstacle met is the outermost one.
std::optional<Rejection> check_capacity(const Subject& s) {
  std::optional<Rejection> found;
  TileExtents extents;
  for (int l = s.accelerator.depth() - 1; l >= 0; --l) {
    extents.enclose(s.at(l));
    const TileExtents clipped = extents.clipped(s.problem);
    for (int m = static_cast<int>(s.machine(l).memories.size()) - 1; m >= 0; --m) {
      const auto full = check_memory(s, l, m, clipped);
      found = full ? full : found;
    }
  }
  return found;
}

std::optional<Rejection> check_keeping(const Subject& s, Reason reason) {
  const int last = reason == Reason::kOutermostBypass ? 1 : s.accelerator.depth();
  for (int l = 0; l < last; ++l) {
    for (const Role role : kAllRoles) {
      const bool can_hold = s.machine(l).memory_for(role) != nullptr;
      const bool may_bypass = s.machine(l).may_bypass[static_cast<std::size_t>(index_of(role))];
      const bool keeps = s.keeps(l, role);
      const bool broken = reason == Reason::kCannotHold     ? keeps && !can_hold
                          : reason == Reason::kCannotBypass ? !keeps && can_hold && !may_bypass
                                                            : !keeps;
      if (broken) {
        return Rejection{reason, l, index_of(role), 0, 0};
      }
    }
  }
  return std::nullopt;
}

std::optional<Rejection> check_width(const Subject& s) {
  const Compute& compute = s.accelerator.compute;
  for (const Role role : kAllRoles) {
    const int takes = role == Role::kWeights  ? compute.weight_bits
                      : role == Role::kInputs ? compute.input_bits
                                              : compute.output_bits;
    if (s.problem.tensor(role).bits > takes) {
      return Rejection{Reason::kWidth, -1, index_of(role), s.problem.tensor(role).bits, takes};
    }
  }
  return std::nullopt;
}

}  // namespace

bool may_spread(const Problem& problem, int dim, const std::vector<std::string>& words) {
  const std::string_view name = problem.dims[static_cast<std::size_t>(dim)].name;
  return words.empty() || std::any_of(words.begin(), words.end(), [&](const std::string& word) {
           return word == name || word == name_of(class_of(problem, dim));
         });
}

double capacity_bits(const Accelerator& accelerator, const Problem& problem, int level, Role role) {
  const auto l = static_cast<std::size_t>(level);
  const int bits = stored_bits(*accelerator.levels[l].memory_for(role), problem, role);
  if (!accelerator.effect) {
    return bits;
  }
  return bits * accelerator.effect->levels[l].stored[static_cast<std::size_t>(index_of(role))];
}

std::int64_t whole_bits(double bits) {
  return bits < 9e18 ? static_cast<std::int64_t>(std::ceil(bits)) : kMax;
}

std::int64_t usable_bits(const Memory& memory) {
  if (!memory.capacity) {
    return kMax;
  }
  return memory.buffering == Buffering::kDouble ? memory.capacity->count() / 2 : memory.capacity->count();
}

std::optional<Rejection> check(const Mapping& mapping, const Problem& problem,
                               const Accelerator& accelerator) {
  const Subject s{mapping, problem, accelerator};
  if (const auto found = check_shape(s)) {
    return found;
  }
  std::optional<Rejection> found = check_bounds(s);
  if (!found) {
    found = check_fanout(s);
  }
  if (!found) {
    found = check_axis_dims(s);
  }
  if (!found) {
    found = check_capacity(s);
  }
  for (const Reason reason : {Reason::kCannotHold, Reason::kCannotBypass, Reason::kOutermostBypass}) {
    if (!found) {
      found = check_keeping(s, reason);
    }
  }
  return found ? found : check_width(s);
}

}  // namespace weft
