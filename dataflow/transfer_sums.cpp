// Sums over all tiles: per group and kind of transition first, then products over groups.
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>

#include "base/checked.hpp"
#include "dataflow/transfers.hpp"

namespace weft {

// A case leaves the loops outside its pivot free, and the pivot when it steps; without retention all are.
std::size_t Transfers::free_loops(const Group& group, const Case& c) const {
  return retains_ ? static_cast<std::size_t>(c.pivot + (c.steps ? 1 : 0)) : group.loops.size();
}

std::size_t Transfers::kept_loops(const Group& group, const Case& c, int fixed) const {
  std::size_t kept = 0;
  while (kept < free_loops(group, c) && group.loops[kept].position < fixed) {
    ++kept;
  }
  return kept;
}

// Where every tile has as many words as any other, a product replaces the sum.
void Transfers::sum_uniform(const Group& group, const Case& c, std::size_t kept,
                            std::span<Moved> sums) const {
  const std::size_t free = free_loops(group, c);
  const OwnDim& dim = group.dims[0];
  const bool idle = group.rank == nullptr;
  const bool first_only = idle && question_.visits == Visits::kFirst;
  if (first_only && c.steps) {
    return;
  }
  std::int64_t words = static_cast<std::int64_t>(dim.summed.size());
  if (!idle) {
    words *= static_cast<std::int64_t>(dim.united.size());
    words *= touched_count(*group.rank, dim.coeff, {0, dim.extent}, question_.footprint);
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
Moved Transfers::plain_tail(const Group& group, const Case& c, std::size_t loop, std::int64_t base) const {
  const std::int64_t size = group.dims[0].size;
  const std::size_t free = free_loops(group, c);
  const auto low = [&](std::size_t i) {
    return static_cast<std::int64_t>(retains_ && c.steps && static_cast<int>(i) == c.pivot);
  };
  if (base >= size) {
    return {};
  }
  if (loop == free) {
    const bool steps = retains_ && c.steps;
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

void Transfers::sum_plain(const Group& group, const Case& c, std::size_t kept, std::span<Moved> sums) const {
  const OwnDim& dim = group.dims[0];
  const bool idle = group.rank == nullptr;
  if (idle && question_.visits == Visits::kFirst) {
    const Small<std::int64_t, 8> zeros(group.loops.size(), 0);
    if (!c.steps) {
      sums[0] = idle_entry(group, {zeros.data(), zeros.size()});
    }
    return;
  }
  for (std::size_t index = 0; index < sums.size(); ++index) {
    std::int64_t base = 0;
    bool happens = true;
    std::size_t rest = index;
    for (std::size_t i = kept; i-- > 0;) {
      const auto bound = static_cast<std::size_t>(group.loops[i].bound);
      const auto digit = static_cast<std::int64_t>(rest % bound);
      happens = happens && !(retains_ && c.steps && static_cast<int>(i) == c.pivot && digit == 0);
      base += digit * group.loops[i].stride;
      rest /= bound;
    }
    for (std::size_t s = 0; happens && s < dim.summed.size(); ++s) {
      if (idle) {
        sums[index] += plain_tail(group, c, kept, base + dim.summed[s]);
        continue;
      }
      for (const std::int64_t united : dim.united) {
        sums[index] += plain_tail(group, c, kept, base + dim.summed[s] + united);
      }
    }
  }
}

void Transfers::sum_case(const Group& group, const Case& c, int fixed, std::span<Moved> sums) const {
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
    return retains_ && c.steps && static_cast<int>(i) == c.pivot ? 1 : 0;
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
Moved Transfers::sum_run(const Group& group, const Case& c, std::size_t loop, std::int64_t from,
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

Transfers::Steps Transfers::steps(int fixed) const {
  Steps result;
  result.owner_ = this;
  result.fixed_ = std::min(fixed, static_cast<int>(temporal_.size()));
  for (const Group& group : groups_) {
    std::vector<std::vector<Moved>> cases(2 * group.loops.size() + 2);
    const auto fill = [&](const Case& c) {
      std::vector<Moved>& sums = cases[case_index(c)];
      if (!sums.empty()) {
        return;
      }
      std::size_t size = 1;
      for (std::size_t i = 0; i < kept_loops(group, c, fixed); ++i) {
        size *= static_cast<std::size_t>(group.loops[i].bound);
      }
      sums.resize(size);
      sum_case(group, c, fixed, sums);
    };
    if (!retains_) {
      fill({});
    }
    for (int loop = 0; retains_ && loop < static_cast<int>(temporal_.size()); ++loop) {
      fill(case_of(group, loop));
    }
    result.sums_.push_back(std::move(cases));
  }
  return result;
}

// Words of one kind of transition (`loop` advanced) within the step.
std::int64_t Transfers::Steps::advance(int loop, std::span<const std::int64_t> digits) const {
  const Transfers& t = *owner_;
  Small<Moved, 8> moved(t.groups_.size());
  for (std::size_t g = 0; g < t.groups_.size(); ++g) {
    const Group& group = t.groups_[g];
    const Case c = t.retains_ ? case_of(group, loop) : Case{};
    const std::size_t free = t.free_loops(group, c);
    std::size_t index = 0;
    for (std::size_t i = 0; i < free && group.loops[i].position < fixed_; ++i) {
      index = index * static_cast<std::size_t>(group.loops[i].bound) +
              static_cast<std::size_t>(digits[static_cast<std::size_t>(group.loops[i].position)]);
    }
    moved[g] = sums_[g][case_index(c)][index];
  }
  return t.combine_at({moved.data(), moved.size()}, loop);
}

std::int64_t Transfers::Steps::words(std::span<const std::int64_t> digits) const {
  const Transfers& t = *owner_;
  if (!t.retains_) {
    return advance(-1, digits);
  }
  // Steps finer than this boundary: its tile stays while a loop inside it advances.
  if (std::any_of(digits.begin() + fixed_, digits.end(), [](std::int64_t digit) { return digit != 0; })) {
    return 0;
  }
  // The transition into the step, then those inside it.
  int loop = fixed_ - 1;
  while (loop >= 0 && digits[static_cast<std::size_t>(loop)] == 0) {
    --loop;
  }
  std::int64_t words = 0;
  if (loop >= 0) {
    words = advance(loop, digits);
  } else {
    words = t.at(std::vector<std::int64_t>(t.temporal_.size(), 0));
  }
  for (int inner = fixed_; inner < static_cast<int>(t.temporal_.size()); ++inner) {
    words = checked_add(words, advance(inner, digits));
  }
  return words;
}

std::int64_t Transfers::total() const {
  Small<Moved, 8> moved(groups_.size());
  if (!retains_) {
    for (std::size_t g = 0; g < groups_.size(); ++g) {
      sum_case(groups_[g], {}, 0, {&moved[g], 1});
    }
    return combine_at({moved.data(), moved.size()}, -1);
  }
  const Small<std::int64_t, 16> zeros(temporal_.size(), 0);
  std::int64_t words = at({zeros.data(), zeros.size()});
  // A group's case changes only when the advancing loop passes one of its own.
  Small<Case, 8> last(groups_.size(), Case{-1, false});
  for (int loop = 0; loop < static_cast<int>(temporal_.size()); ++loop) {
    for (std::size_t g = 0; g < groups_.size(); ++g) {
      const Case c = case_of(groups_[g], loop);
      if (c.pivot != last[g].pivot || c.steps != last[g].steps) {
        last[g] = c;
        moved[g] = {};
        sum_case(groups_[g], c, 0, {&moved[g], 1});
      }
    }
    words = checked_add(words, combine_at({moved.data(), moved.size()}, loop));
  }
  return words;
}

}  // namespace weft
