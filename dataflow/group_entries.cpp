// What one tile of a group contributes: dims that the tensor does not mention, and ranks of one dim.
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "base/checked.hpp"
#include "dataflow/group_summer.hpp"
#include "dataflow/rank_sets.hpp"

namespace weft {

namespace {

bool all_zero(std::span<const std::int64_t> digits) {
  return std::all_of(digits.begin(), digits.end(), [](std::int64_t d) { return d == 0; });
}

}  // namespace

GroupSummer::Case GroupSummer::case_of(const Group& group, int loop) {
  int pivot = 0;
  while (pivot < static_cast<int>(group.loops.size()) &&
         group.loops[static_cast<std::size_t>(pivot)].position < loop) {
    ++pivot;
  }
  const bool own = pivot < static_cast<int>(group.loops.size()) &&
                   group.loops[static_cast<std::size_t>(pivot)].position == loop;
  return {pivot, own};
}

// Index of the tile's first element along each of the group's dims, now and (before wrapping) in the tile
// before.
void GroupSummer::bases(const Group& group, const Case& c, std::span<const std::int64_t> digits,
                        std::span<std::int64_t> now, std::span<std::int64_t> before) {
  std::fill(now.begin(), now.end(), 0);
  std::fill(before.begin(), before.end(), 0);
  for (std::size_t i = 0; i < group.loops.size(); ++i) {
    const OwnLoop& loop = group.loops[i];
    const auto slot = static_cast<std::size_t>(loop.slot);
    now[slot] += digits[i] * loop.stride;
    if (static_cast<int>(i) < c.pivot) {
      before[slot] += digits[i] * loop.stride;
    } else if (static_cast<int>(i) == c.pivot && c.steps) {
      before[slot] += (digits[i] - 1) * loop.stride;
    }
  }
}

// The last tile an instance worked on before the loops inside the pivot wrapped around.
std::int64_t GroupSummer::last_base(const Group& group, const Case& c, std::size_t slot, std::int64_t outer) {
  const std::int64_t size = group.dims[slot].size;
  for (std::size_t i = static_cast<std::size_t>(c.pivot + (c.steps ? 1 : 0)); i < group.loops.size(); ++i) {
    const OwnLoop& loop = group.loops[i];
    if (static_cast<std::size_t>(loop.slot) == slot) {
      outer += std::min(loop.bound - 1, (size - 1 - outer) / loop.stride) * loop.stride;
    }
  }
  return outer;
}

Moved GroupSummer::entry(const Group& group, const Case& c, bool first, std::span<const std::int64_t> digits,
                         std::optional<Moved>& whole) const {
  if (!group.rank) {
    return idle_entry(group, digits);
  }
  return group.dims.size() == 1 ? line_entry(group, c, first, digits)
                                : window_entry(group, c, first, digits, whole);
}

// A dim the tensor does not mention: how many instances work.
Moved GroupSummer::idle_entry(const Group& group, std::span<const std::int64_t> digits) const {
  if (rules_.visits == Visits::kFirst && !all_zero(digits)) {
    return {};
  }
  std::int64_t base = 0;
  for (std::size_t i = 0; i < group.loops.size(); ++i) {
    base += digits[i] * group.loops[i].stride;
  }
  const OwnDim& dim = group.dims[0];
  Moved result;
  for (const std::int64_t summed : dim.summed) {
    // Offsets of the united loops start from zero: one works exactly when the first does.
    result.same += base + summed < dim.size ? 1 : 0;
  }
  return result;
}

// A rank of one dim: tiles of different index are disjoint, so uniting and summing are the same.
Moved GroupSummer::line_entry(const Group& group, const Case& c, bool first,
                              std::span<const std::int64_t> digits) const {
  const OwnDim& dim = group.dims[0];
  std::int64_t now = 0;
  std::int64_t before = 0;
  bases(group, c, digits, {&now, 1}, {&before, 1});
  Moved result;
  for (const std::int64_t summed : dim.summed) {
    for (const std::int64_t united : dim.united) {
      const std::int64_t offset = summed + united;
      if (now + offset < dim.size) {
        result += line_tile(group, c, first, now + offset, before + offset);
      }
    }
  }
  return result;
}

// One instance's tile at `base`, inside the dim; `before`: as bases() gives it.
Moved GroupSummer::line_tile(const Group& group, const Case& c, bool first, std::int64_t base,
                             std::int64_t before) const {
  const OwnDim& dim = group.dims[0];
  Moved result;
  if (group.rank == nullptr) {
    result.same = 1;
    return result;
  }
  const std::int64_t count =
      touched_count(*group.rank, dim.coeff, {base, std::min(dim.extent, dim.size - base)}, rules_.footprint);
  const bool same = rules_.retains && !first && last_base(group, c, 0, before) == base;
  (same ? result.same : result.fresh) = count;
  return result;
}

}  // namespace weft
