// Draws legal mappings, and edits that make them illegal for one reason.
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "base/checked.hpp"
#include "base/error.hpp"
#include "dataflow/tile_extents.hpp"
#include "tests/support/generators.hpp"

namespace weft::testing {
namespace {

std::size_t at(int index) {
  return static_cast<std::size_t>(index);
}

// Loops without bounds: any dim anywhere, some dims several times.
void place_loops(Rng& rng, const Problem& problem, Mapping& mapping) {
  const auto levels = static_cast<std::int64_t>(mapping.levels.size());
  for (int d = 0; d < problem.rank(); ++d) {
    const std::int64_t temporal = problem.size(d) == 1 ? rng.uniform(0, 8) / 8 : rng.uniform(0, 3);
    const std::int64_t spatial = problem.size(d) == 1 ? 0 : rng.uniform(0, 5) / 2;
    for (std::int64_t i = 0; i < temporal; ++i) {
      mapping.levels[static_cast<std::size_t>(rng.uniform(0, levels - 1))].temporal.push_back({d, 1});
    }
    for (std::int64_t i = 0; i < spatial; ++i) {
      mapping.levels[static_cast<std::size_t>(rng.uniform(0, levels - 1))].spatial.push_back(
          {d, 1, rng.chance(0.5) ? Axis::kX : Axis::kY});
    }
  }
  for (LevelMapping& level : mapping.levels) {
    rng.shuffle(level.temporal);
    rng.shuffle(level.spatial);
  }
}

// Some of what is left: all of it, a divisor, or anything.
std::int64_t random_bound(Rng& rng, std::int64_t left) {
  if (rng.chance(0.2)) {
    return left;
  }
  const std::int64_t bound = rng.uniform(1, left);
  return rng.chance(0.4) ? std::gcd(bound, left) : bound;
}

// Bounds from the innermost loop outwards; what remains of a dim goes to a new outermost loop.
void draw_bounds(Rng& rng, const Problem& problem, const TripleOptions& options, Mapping& mapping) {
  std::vector<std::int64_t> left;
  for (const Dim& dim : problem.dims) {
    left.push_back(dim.size);
  }
  const auto draw = [&](int dim, std::int64_t limit) {
    const std::int64_t bound = std::min(random_bound(rng, left[at(dim)]), limit);
    left[at(dim)] = ceil_div(left[at(dim)], bound);
    return bound;
  };
  std::int64_t instances = 1;
  for (auto level = mapping.levels.rbegin(); level != mapping.levels.rend(); ++level) {
    for (auto loop = level->spatial.rbegin(); loop != level->spatial.rend(); ++loop) {
      loop->bound = draw(loop->dim, options.max_instances / instances);
      instances *= loop->bound;
    }
    for (auto loop = level->temporal.rbegin(); loop != level->temporal.rend(); ++loop) {
      loop->bound = draw(loop->dim, left[at(loop->dim)]);
    }
  }
  std::vector<Loop> outermost;
  for (int d = 0; d < problem.rank(); ++d) {
    if (left[at(d)] > 1) {
      outermost.push_back({d, left[at(d)]});
    }
  }
  rng.shuffle(outermost);
  std::vector<Loop>& top = mapping.levels[0].temporal;
  top.insert(top.begin(), outermost.begin(), outermost.end());
}

std::int64_t used(const LevelMapping& level, Axis axis) {
  std::int64_t product = 1;
  for (const SpatialLoop& loop : level.spatial) {
    product *= loop.axis == axis ? loop.bound : 1;
  }
  return product;
}

std::int64_t needed_bits(const Triple& t, int level, const Memory& memory) {
  TileExtents extents;
  for (int l = level; l < t.accelerator.depth(); ++l) {
    extents.enclose(t.mapping.levels[at(l)]);
  }
  std::int64_t bits = 0;
  for (const Role role : kAllRoles) {
    const bool kept =
        t.mapping.levels[at(level)].keep[at(index_of(role))] && memory.holds[at(index_of(role))];
    const TensorShape& tensor = t.problem.tensor(role);
    bits += kept ? words_inside(tensor, extents.clipped(t.problem)) * tensor.bits : 0;
  }
  return bits;
}

}  // namespace

Mapping random_mapping(Rng& rng, const Problem& problem, const Accelerator& accelerator,
                       const TripleOptions& options) {
  Mapping mapping = empty_mapping(accelerator);
  for (int l = 0; l < accelerator.depth(); ++l) {
    for (const Role role : kAllRoles) {
      if (accelerator.levels[at(l)].may_bypass[at(index_of(role))] && rng.chance(0.5)) {
        mapping.levels[at(l)].keep[at(index_of(role))] = false;
      }
    }
  }
  place_loops(rng, problem, mapping);
  draw_bounds(rng, problem, options, mapping);
  return mapping;
}

void fit_to(Rng& rng, const Mapping& mapping, const Problem& problem, Accelerator& accelerator) {
  const Triple triple{.problem = problem, .accelerator = accelerator, .mapping = mapping};
  for (int l = 0; l < accelerator.depth(); ++l) {
    StorageLevel& level = accelerator.levels[at(l)];
    level.fanout.x = used(mapping.levels[at(l)], Axis::kX) + rng.uniform(0, 2);
    level.fanout.y = used(mapping.levels[at(l)], Axis::kY) + rng.uniform(0, 1);
    for (Memory& memory : level.memories) {
      const std::int64_t bits = std::max(memory.width.count(), needed_bits(triple, l, memory));
      const std::int64_t room = rng.chance(0.5) ? rng.uniform(0, 500) : 0;
      const std::int64_t halves = memory.buffering == Buffering::kDouble ? 2 : 1;
      memory.capacity =
          rng.chance(l == 0 ? 0.9 : 0.1) ? std::nullopt : std::optional(Bits(halves * bits + room));
    }
  }
  Compute& compute = accelerator.compute;
  compute.weight_bits = problem.tensor(Role::kWeights).bits + static_cast<int>(rng.uniform(0, 1) * 4);
  compute.input_bits = problem.tensor(Role::kInputs).bits;
  compute.output_bits = std::max(32, problem.tensor(Role::kOutputs).bits);
}

namespace {

// Each edit breaks one rule and leaves those before it in the order of Reason intact.

// The outermost loop of a dim that has one with work to do, or null.
std::int64_t* outermost_bound(Mapping& mapping, int dim) {
  for (LevelMapping& level : mapping.levels) {
    for (Loop& loop : level.temporal) {
      if (loop.dim == dim && loop.bound > 1) {
        return &loop.bound;
      }
    }
    for (SpatialLoop& loop : level.spatial) {
      if (loop.dim == dim && loop.bound > 1) {
        return &loop.bound;
      }
    }
  }
  return nullptr;
}

bool break_shape(Rng& rng, Triple& t) {
  const auto level = at(static_cast<int>(rng.uniform(0, t.accelerator.depth() - 1)));
  switch (rng.uniform(0, 3)) {
    case 0:
      t.mapping.levels.pop_back();
      return true;
    case 1:
      t.mapping.levels[level].temporal.push_back({t.problem.rank(), 1});
      return true;
    case 2:
      t.mapping.levels[level].spatial.push_back({-1, 1, Axis::kX});
      return true;
    default:
      t.mapping.levels[level].temporal.push_back({0, 0});
      return true;
  }
}

bool break_bounds(Rng& rng, Triple& t, std::int64_t change) {
  const int dim = static_cast<int>(rng.uniform(0, t.problem.rank() - 1));
  std::int64_t* bound = outermost_bound(t.mapping, dim);
  if (bound != nullptr) {
    *bound += change;
    return true;
  }
  if (change > 0) {
    t.mapping.levels.back().temporal.push_back({dim, t.problem.size(dim) + 1});
  }
  return change > 0;
}

bool break_spreading(Rng& rng, Reason reason, Triple& t) {
  std::vector<std::pair<int, Axis>> spread;
  for (int l = 0; l < t.accelerator.depth(); ++l) {
    for (const Axis axis : {Axis::kX, Axis::kY}) {
      if (used(t.mapping.levels[at(l)], axis) > 1) {
        spread.emplace_back(l, axis);
      }
    }
  }
  if (spread.empty()) {
    return false;
  }
  const auto [level, axis] = rng.pick(spread);
  FanOut& fanout = t.accelerator.levels[at(level)].fanout;
  if (reason == Reason::kFanOut) {
    (axis == Axis::kX ? fanout.x : fanout.y) = used(t.mapping.levels[at(level)], axis) - 1;
  } else {
    fanout.allowed_dims[static_cast<std::size_t>(axis)] = {"no_such_dim"};
  }
  return true;
}

bool break_capacity(Rng& rng, Triple& t) {
  const int l = static_cast<int>(rng.uniform(0, t.accelerator.depth() - 1));
  Memory& memory = t.accelerator.levels[at(l)].memories[0];
  const std::int64_t bits = needed_bits(t, l, memory);
  memory.capacity = Bits(memory.buffering == Buffering::kDouble ? 2 * bits - 1 : bits - 1);
  return bits > 0;
}

bool break_keeping(Rng& rng, Reason reason, Triple& t) {
  const int l =
      reason == Reason::kOutermostBypass ? 0 : static_cast<int>(rng.uniform(1, t.accelerator.depth() - 1));
  const auto role = static_cast<std::size_t>(rng.uniform(0, kRoles - 1));
  StorageLevel& level = t.accelerator.levels[at(l)];
  auto&& keep = t.mapping.levels[at(l)].keep[role];
  switch (reason) {
    case Reason::kCannotHold:
      for (Memory& memory : level.memories) {
        memory.holds[role] = false;
      }
      return keep;
    case Reason::kCannotBypass:
      level.may_bypass[role] = false;
      keep = false;
      return level.memory_for(kAllRoles[role]) != nullptr;
    default:
      level.may_bypass[role] = true;
      keep = false;
      return true;
  }
}

bool break_width(Rng& rng, Triple& t) {
  Compute& compute = t.accelerator.compute;
  const std::vector<int*> takes = {&compute.weight_bits, &compute.input_bits, &compute.output_bits};
  const auto role = static_cast<std::size_t>(rng.uniform(0, kRoles - 1));
  *takes[role] = t.problem.tensors[role].bits - 1;
  return true;
}

}  // namespace

bool make_illegal(Rng& rng, Reason reason, Triple& triple) {
  switch (reason) {
    case Reason::kShape:
      return break_shape(rng, triple);
    case Reason::kCoverage:
      return break_bounds(rng, triple, -1);
    case Reason::kEmptyIterations:
      return break_bounds(rng, triple, 1);
    case Reason::kFanOut:
    case Reason::kAxisDims:
      return break_spreading(rng, reason, triple);
    case Reason::kCapacity:
      return break_capacity(rng, triple);
    case Reason::kCannotHold:
    case Reason::kCannotBypass:
    case Reason::kOutermostBypass:
      return break_keeping(rng, reason, triple);
    case Reason::kWidth:
      return break_width(rng, triple);
  }
  return false;
}

}  // namespace weft::testing
