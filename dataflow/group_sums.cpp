// Sums of a group's words over all its tiles, one kind of transition at a time.
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "dataflow/group_summer.hpp"
#include "dataflow/rank_sets.hpp"

namespace weft {

void GroupSummer::sum(const Group& group, GroupWords& words) const {
  if (group.uniform) {
    all_uniform(group, words);
    return;
  }
  if (group.dims.empty()) {
    const bool stored = group.rank->offset >= 0 && group.rank->offset < group.rank->extent;
    words.first = stored ? 1 : 0;
    words.last.assign(1, words.first);
    words.cases.assign(2, {});
    words.cases[0].same = words.first;
    return;
  }
  const std::size_t own = group.loops.size();
  words.cases.assign(2 * own + 2, {});
  for (std::size_t pivot = 0; pivot <= (rules_.retains ? own : 0); ++pivot) {
    for (const bool steps : {false, true}) {
      const Case c{static_cast<int>(pivot), steps};
      if (!steps || (rules_.retains && pivot < own)) {
        sum_case(group, c, 0, {&words.cases[case_index(c)], 1});
      }
    }
  }
  const auto tile = [&](std::span<const std::int64_t> digits) {
    std::optional<Moved> whole;
    const Moved moved = entry(group, {}, true, digits, whole);
    return moved.same + moved.held + moved.fresh;
  };
  Small<std::int64_t, 8> digits(own, 0);
  Small<std::int64_t, 2> base(group.dims.size(), 0);
  const std::span<const std::int64_t> view(digits.data(), own);
  words.first = tile(view);
  words.last.assign(1, words.first);
  for (std::size_t i = 0; i < own; ++i) {
    const OwnLoop& loop = group.loops[i];
    const auto slot = static_cast<std::size_t>(loop.slot);
    digits[i] = std::min(loop.bound - 1, (group.dims[slot].size - 1 - base[slot]) / loop.stride);
    base[slot] += digits[i] * loop.stride;
    words.last.push_back(tile(view));
  }
}

// A tile has as many words as any other: sums are products of bounds.
void GroupSummer::all_uniform(const Group& group, GroupWords& words) const {
  const std::size_t own = group.loops.size();
  const OwnDim& dim = group.dims[0];
  const bool idle = group.rank == nullptr;
  const bool first_only = idle && rules_.visits == Visits::kFirst;
  std::int64_t tile = dim.sums;
  if (!idle) {
    tile *= dim.unites;
    tile *= touched_count(*group.rank, dim.coeff, {0, dim.extent}, rules_.footprint);
  }
  words.first = tile;
  words.last.assign(own + 1, first_only ? 0 : tile);
  words.last[0] = tile;
  words.cases.assign(2 * own + 2, {});
  if (!rules_.retains) {
    std::int64_t all = tile;
    for (std::size_t i = 0; i < own && !first_only; ++i) {
      all *= group.loops[i].bound;
    }
    (idle || own == 0 ? words.cases[0].same : words.cases[0].fresh) = all;
    return;
  }
  std::int64_t outside = tile;  // over the loops outside the pivot
  for (std::size_t pivot = 0; pivot <= own; ++pivot) {
    const bool changes = !idle && pivot < own;
    (changes ? words.cases[2 * pivot].fresh : words.cases[2 * pivot].same) = outside;
    if (pivot == own || first_only) {
      continue;
    }
    const std::int64_t advanced = outside * (group.loops[pivot].bound - 1);
    (changes ? words.cases[2 * pivot + 1].fresh : words.cases[2 * pivot + 1].same) = advanced;
    outside *= group.loops[pivot].bound;
  }
}

// A case leaves the loops outside its pivot free, and the pivot when it steps; without retention all are.
std::size_t GroupSummer::free_loops(const Group& group, const Case& c) const {
  return rules_.retains ? static_cast<std::size_t>(c.pivot + (c.steps ? 1 : 0)) : group.loops.size();
}

std::size_t GroupSummer::kept_loops(const Group& group, const Case& c, int fixed) const {
  std::size_t kept = 0;
  while (kept < free_loops(group, c) && group.loops[kept].position < fixed) {
    ++kept;
  }
  return kept;
}

// Where every tile has as many words as any other, a product replaces the sum.
void GroupSummer::sum_uniform(const Group& group, const Case& c, std::size_t kept,
                              std::span<Moved> sums) const {
  const std::size_t free = free_loops(group, c);
  const OwnDim& dim = group.dims[0];
  const bool idle = group.rank == nullptr;
  const bool first_only = idle && rules_.visits == Visits::kFirst;
  if (first_only && c.steps) {
    return;
  }
  std::int64_t words = dim.sums;
  if (!idle) {
    words *= dim.unites;
    words *= touched_count(*group.rank, dim.coeff, {0, dim.extent}, rules_.footprint);
  }
  for (std::size_t i = kept; i < free && !first_only; ++i) {
    words *= group.loops[i].bound - (c.steps && static_cast<int>(i) == c.pivot ? 1 : 0);
  }
  const bool changes = !idle && static_cast<std::size_t>(c.pivot) < group.loops.size();
  for (std::size_t i = 0; i < (first_only ? 1 : sums.size()); ++i) {
    (changes ? sums[i].fresh : sums[i].same) = words;
  }
}

// Sum for one instance over the digits of the free loops from `loop` on, the tile's index starting at `base`.
// All digits whose span ends inside the dim see the same; at most one is cut short.
Moved GroupSummer::plain_tail(const Group& group, const Case& c, std::size_t loop, std::int64_t base) const {
  const std::int64_t size = group.dims[0].size;
  const std::size_t free = free_loops(group, c);
  const auto low = [&](std::size_t i) {
    return static_cast<std::int64_t>(rules_.retains && c.steps && static_cast<int>(i) == c.pivot);
  };
  if (base >= size) {
    return {};
  }
  if (loop == free) {
    const bool steps = rules_.retains && c.steps;
    const std::int64_t back = steps ? group.loops[static_cast<std::size_t>(c.pivot)].stride : 0;
    return line_tile(group, c, false, base, base - back);
  }
  const OwnLoop& own = group.loops[loop];
  const std::int64_t whole = std::min(own.bound, (size - base) / own.stride);
  Moved result;
  if (whole > low(loop)) {
    std::int64_t times = whole - low(loop);
    std::int64_t inside = base + low(loop) * own.stride;
    for (std::size_t i = loop + 1; i < free; ++i) {
      times *= group.loops[i].bound - low(i);
      inside += low(i) * group.loops[i].stride;
    }
    const Moved each = plain_tail(group, c, free, inside);
    result = {each.same * times, each.held * times, each.fresh * times};
  }
  if (whole < own.bound && whole >= low(loop)) {
    result += plain_tail(group, c, loop + 1, base + whole * own.stride);
  }
  return result;
}

void GroupSummer::sum_plain(const Group& group, const Case& c, std::size_t kept,
                            std::span<Moved> sums) const {
  const OwnDim& dim = group.dims[0];
  const bool idle = group.rank == nullptr;
  if (idle && rules_.visits == Visits::kFirst) {
    const Small<std::int64_t, 8> zeros(group.loops.size(), 0);
    if (!c.steps) {
      sums[0] = idle_entry(group, {zeros.data(), zeros.size()});
    }
    return;
  }
  std::int64_t reach = dim.extent;  // of the tiles of an instance, from its first index on
  for (const OwnLoop& loop : group.loops) {
    reach += (loop.bound - 1) * loop.stride;
  }
  for (std::size_t index = 0; index < sums.size(); ++index) {
    std::int64_t base = 0;
    std::optional<Moved> whole;  // of an instance that the dim's end does not concern
    bool happens = true;
    std::size_t rest = index;
    for (std::size_t i = kept; i-- > 0;) {
      const auto bound = static_cast<std::size_t>(group.loops[i].bound);
      const auto digit = static_cast<std::int64_t>(rest % bound);
      happens = happens && !(rules_.retains && c.steps && static_cast<int>(i) == c.pivot && digit == 0);
      base += digit * group.loops[i].stride;
      rest /= bound;
    }
    const auto add = [&](std::int64_t from) {
      if (from + reach > dim.size) {
        sums[index] += plain_tail(group, c, kept, from);
        return;
      }
      whole = whole ? whole : plain_tail(group, c, kept, from);
      sums[index] += *whole;
    };
    for (std::size_t s = 0; happens && s < dim.summed.size(); ++s) {
      if (idle) {
        add(base + dim.summed[s]);
        continue;
      }
      for (const std::int64_t united : dim.united) {
        add(base + dim.summed[s] + united);
      }
    }
  }
}

void GroupSummer::sum_case(const Group& group, const Case& c, int fixed, std::span<Moved> sums) const {
  const std::size_t own = group.loops.size();
  const std::size_t free = free_loops(group, c);
  const std::size_t kept = kept_loops(group, c, fixed);
  if (group.uniform) {
    sum_uniform(group, c, kept, sums);
    return;
  }
  if (group.plain) {
    sum_plain(group, c, kept, sums);
    return;
  }
  Small<std::int64_t, 8> digits(own, 0);
  const auto low = [&](std::size_t i) {
    return rules_.retains && c.steps && static_cast<int>(i) == c.pivot ? 1 : 0;
  };
  for (std::size_t i = 0; i < free; ++i) {
    digits[i] = low(i);
  }
  const bool windows = group.rank != nullptr && group.dims.size() > 1;
  // Digits of the innermost free loop are taken together: far from the rank's borders all are alike.
  const std::size_t run = windows && free > kept ? free - 1 : free;
  std::optional<Moved> whole;  // tile of a window
  const std::span<std::int64_t> here(digits.data(), own);
  while (true) {
    std::size_t index = 0;
    for (std::size_t i = 0; i < kept; ++i) {
      index = index * static_cast<std::size_t>(group.loops[i].bound) + static_cast<std::size_t>(digits[i]);
    }
    if (run < free) {
      sums[index] += sum_run(group, c, run, low(run), here, whole);
    } else if (windows && interior(group, c, here)) {
      sums[index] += interior_entry(group, c, here, whole);
    } else {
      sums[index] += entry(group, c, false, here, whole);
    }
    std::size_t i = run;
    while (i > 0 && ++digits[i - 1] == group.loops[i - 1].bound) {
      digits[i - 1] = low(i - 1);
      --i;
    }
    if (i == 0) {
      return;
    }
  }
}

// Places inside the borders follow each other, since every border is passed once along the loop.
Moved GroupSummer::sum_run(const Group& group, const Case& c, std::size_t loop, std::int64_t from,
                           std::span<std::int64_t> digits, std::optional<Moved>& whole) const {
  Moved sum;
  std::int64_t to = group.loops[loop].bound;
  const auto outside = [&](std::int64_t digit) {
    digits[loop] = digit;
    const bool is_outside = !interior(group, c, digits);
    if (is_outside) {
      sum += entry(group, c, false, digits, whole);
    }
    return is_outside;
  };
  while (from < to && outside(from)) {
    ++from;
  }
  while (from < to && outside(to - 1)) {
    --to;
  }
  if (from < to) {
    digits[loop] = from;
    const Moved each = interior_entry(group, c, digits, whole);
    sum += {each.same * (to - from), each.held * (to - from), each.fresh * (to - from)};
  }
  return sum;
}

}  // namespace weft
