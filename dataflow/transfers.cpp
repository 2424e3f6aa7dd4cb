// SPDX-License-Identifier: Apache-2.0
#include "dataflow/transfers.hpp"

#include <algorithm>
#include <array>

#include "base/checked.hpp"
#include "base/error.hpp"

namespace weft {

namespace {

bool all_zero(std::span<const std::int64_t> digits) {
  return std::all_of(digits.begin(), digits.end(), [](std::int64_t d) { return d == 0; });
}

}  // namespace

Transfers::Transfers(const Nest& nest, const Problem& problem, Question question)
    : question_(std::move(question)), retains_(question_.child < nest.depth()) {
  const int outside = nest.outside(question_.child);
  for (int i = 0; i < outside; ++i) {
    if (!nest.loops()[static_cast<std::size_t>(i)].spatial) {
      temporal_.push_back(i);
    }
  }
  for (const Rank& rank : question_.tensor->ranks) {
    add_rank_group(nest, rank);
  }
  for (int dim = 0; dim < problem.rank(); ++dim) {
    if (nest.size(dim) > 1 && !relevant(*question_.tensor, dim)) {
      Group& group = groups_.emplace_back();
      add_dim(nest, group, dim, 1);
      group.plain = true;
      group.uniform = group.dims[0].divides;
    }
  }
  for (Group& group : groups_) {
    for (std::size_t position = 0; position < temporal_.size(); ++position) {
      const NestLoop& loop = nest.loops()[static_cast<std::size_t>(temporal_[position])];
      for (std::size_t slot = 0; slot < group.dims.size(); ++slot) {
        if (group.dims[slot].dim == loop.dim) {
          group.loops.push_back(
              {static_cast<int>(position), static_cast<int>(slot), loop.bound, loop.stride});
        }
      }
    }
  }
  find_steady_loops();
}

void Transfers::add_rank_group(const Nest& nest, const Rank& rank) {
  Group& group = groups_.emplace_back();
  group.rank = &rank;
  std::int64_t last = rank.offset;
  Small<Term, 4> terms;
  for (const Term& term : rank.terms) {
    last += term.coeff * (nest.size(term.dim) - 1);
    if (nest.size(term.dim) > 1) {
      terms.push_back(term);
    }
  }
  std::sort(terms.begin(), terms.end(), [](const Term& a, const Term& b) { return a.coeff < b.coeff; });
  for (const Term& term : terms) {
    add_dim(nest, group, term.dim, term.coeff);
  }
  const bool padded = rank.offset < 0 || last >= rank.extent;
  group.plain = group.dims.size() == 1 && !padded;
  group.uniform = group.plain && group.dims[0].divides;
}

void Transfers::add_dim(const Nest& nest, Group& group, int dim, std::int64_t coeff) {
  OwnDim& own = group.dims.emplace_back();
  own.dim = dim;
  own.coeff = coeff;
  own.size = nest.size(dim);
  own.extent = nest.extent(dim, nest.outside(question_.child));
  own.divides = nest.extent(dim, 0) == own.size;
  own.summed.push_back(0);
  own.united.push_back(0);
  for (int i = 0; i < nest.outside(question_.child); ++i) {
    const NestLoop& loop = nest.loops()[static_cast<std::size_t>(i)];
    const Gather gather = question_.gather[static_cast<std::size_t>(i)];
    if (!loop.spatial || loop.dim != dim || gather == Gather::kFirst) {
      continue;
    }
    auto& offsets = gather == Gather::kSum ? own.summed : own.united;
    const std::size_t before = offsets.size();
    offsets.reserve(before * static_cast<std::size_t>(loop.bound));
    for (std::int64_t digit = 1; digit < loop.bound; ++digit) {
      for (std::size_t k = 0; k < before; ++k) {
        offsets.push_back(offsets[k] + digit * loop.stride);
      }
    }
  }
}

Transfers::Case Transfers::case_of(const Group& group, int loop) {
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
void Transfers::bases(const Group& group, const Case& c, std::span<const std::int64_t> digits,
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
std::int64_t Transfers::last_base(const Group& group, const Case& c, std::size_t slot, std::int64_t outer) {
  const std::int64_t size = group.dims[slot].size;
  for (std::size_t i = static_cast<std::size_t>(c.pivot + (c.steps ? 1 : 0)); i < group.loops.size(); ++i) {
    const OwnLoop& loop = group.loops[i];
    if (static_cast<std::size_t>(loop.slot) == slot) {
      outer += std::min(loop.bound - 1, (size - 1 - outer) / loop.stride) * loop.stride;
    }
  }
  return outer;
}

Moved Transfers::entry(const Group& group, const Case& c, bool first, std::span<const std::int64_t> digits,
                       std::optional<Moved>& whole) const {
  if (!group.rank) {
    return idle_entry(group, digits);
  }
  return group.dims.size() == 1 ? line_entry(group, c, first, digits)
                                : window_entry(group, c, first, digits, whole);
}

// A dim the tensor does not mention: how many instances work.
Moved Transfers::idle_entry(const Group& group, std::span<const std::int64_t> digits) const {
  if (question_.visits == Visits::kFirst && !all_zero(digits)) {
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
Moved Transfers::line_entry(const Group& group, const Case& c, bool first,
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
Moved Transfers::line_tile(const Group& group, const Case& c, bool first, std::int64_t base,
                           std::int64_t before) const {
  const OwnDim& dim = group.dims[0];
  Moved result;
  if (group.rank == nullptr) {
    result.same = 1;
    return result;
  }
  const std::int64_t count = touched_count(
      *group.rank, dim.coeff, {base, std::min(dim.extent, dim.size - base)}, question_.footprint);
  const bool same = retains_ && !first && last_base(group, c, 0, before) == base;
  (same ? result.same : result.fresh) = count;
  return result;
}

// How far the window moves along the group's rank when a temporal loop advances and those inside it wrap.
std::int64_t Transfers::net_shift(const Group& group, int loop) {
  std::int64_t shift = 0;
  for (const OwnLoop& own : group.loops) {
    if (own.position >= loop) {
      const std::int64_t steps = own.position == loop ? 1 : 1 - own.bound;
      shift += steps * own.stride * group.dims[static_cast<std::size_t>(own.slot)].coeff;
    }
  }
  return shift;
}

void Transfers::find_steady_loops() {
  const int innermost = static_cast<int>(temporal_.size()) - 1;
  for (int loop = 0; loop <= innermost; ++loop) {
    steady_.push_back(std::all_of(groups_.begin(), groups_.end(), [&](const Group& group) {
      return question_.slides == Slides::kAny || group.rank == nullptr ||
             net_shift(group, loop) == net_shift(group, innermost);
    }));
  }
}

std::int64_t combine(std::span<const Moved> groups, bool retains) {
  std::int64_t all = 1;
  std::int64_t same = 1;
  for (const Moved& moved : groups) {
    all = checked_mul(all, moved.same + moved.held + moved.fresh);
    same = checked_mul(same, moved.same);
  }
  if (!retains) {
    return all;
  }
  // Whole tiles where a rank changed, but where only one did, the words it held before stay.
  std::int64_t words = all - same;
  for (std::size_t g = 0; g < groups.size(); ++g) {
    std::int64_t kept = groups[g].held;
    for (std::size_t other = 0; other < groups.size() && kept != 0; ++other) {
      kept *= other == g ? 1 : groups[other].same;
    }
    words -= kept;
  }
  return words;
}

std::int64_t Transfers::combine_at(std::span<const Moved> groups, int loop) const {
  if (retains_ && loop >= 0 && !steady_[static_cast<std::size_t>(loop)]) {
    // No window slides: what a rank holds already moves again.
    Small<Moved, 8> whole(groups.begin(), groups.end());
    for (Moved& moved : whole) {
      moved.fresh += moved.held;
      moved.held = 0;
    }
    return combine({whole.data(), whole.size()}, true);
  }
  return combine(groups, retains_);
}

std::vector<GroupSums> Transfers::group_sums() const {
  std::vector<GroupSums> result;
  for (const Group& group : groups_) {
    GroupSums& sums = result.emplace_back();
    sums.rank = group.rank;
    sums.dim = group.rank != nullptr ? -1 : group.dims[0].dim;
    const std::size_t own = group.loops.size();
    for (const OwnLoop& loop : group.loops) {
      sums.loops.push_back(temporal_[static_cast<std::size_t>(loop.position)]);
    }
    sums.cases.resize(2 * own + 2);
    for (std::size_t pivot = 0; pivot <= own; ++pivot) {
      for (const bool steps : {false, true}) {
        const Case c{static_cast<int>(pivot), steps};
        if ((steps && pivot == own) || (!retains_ && (steps || pivot > 0))) {
          continue;
        }
        sum_case(group, c, 0, {&sums.cases[case_index(c)], 1});
      }
    }
    const auto words = [&](std::span<const std::int64_t> digits) {
      std::optional<Moved> whole;
      const Moved moved = entry(group, {}, true, digits, whole);
      return moved.same + moved.held + moved.fresh;
    };
    Small<std::int64_t, 8> digits(own, 0);
    const std::span<const std::int64_t> view(digits.data(), own);
    sums.first = words(view);
    Small<std::int64_t, 2> base(group.dims.size(), 0);
    sums.last.push_back(sums.first);
    for (std::size_t i = 0; i < own; ++i) {
      const OwnLoop& loop = group.loops[i];
      const auto slot = static_cast<std::size_t>(loop.slot);
      digits[i] = std::min(loop.bound - 1, (group.dims[slot].size - 1 - base[slot]) / loop.stride);
      base[slot] += digits[i] * loop.stride;
      sums.last.push_back(words(view));
    }
  }
  return result;
}

std::int64_t Transfers::at(std::span<const std::int64_t> digits) const {
  int loop = static_cast<int>(temporal_.size()) - 1;
  while (loop >= 0 && digits[static_cast<std::size_t>(loop)] == 0) {
    --loop;
  }
  Small<Moved, 8> moved;
  for (const Group& group : groups_) {
    Small<std::int64_t, 8> own(group.loops.size(), 0);
    for (std::size_t i = 0; i < group.loops.size(); ++i) {
      own[i] = digits[static_cast<std::size_t>(group.loops[i].position)];
    }
    std::optional<Moved> whole;
    moved.push_back(entry(group, case_of(group, loop), loop < 0, {own.data(), group.loops.size()}, whole));
  }
  return combine_at({moved.data(), moved.size()}, loop);
}

}  // namespace weft
