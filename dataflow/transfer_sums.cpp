// Sums over all tiles: per group and kind of transition first, then products over groups.
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>

#include "base/checked.hpp"
#include "dataflow/transfers.hpp"

namespace weft {

namespace {

constexpr std::size_t kMaxOwn = 64;

}  // namespace

// A case leaves the loops outside its pivot free, and the pivot when it steps; without retention all are.
std::size_t Transfers::free_loops(const Group& group, const Case& c) const {
  return retains_ ? static_cast<std::size_t>(c.pivot + (c.steps ? 1 : 0)) : group.loops.size();
}

// Adds up the entries of one case over all digits of the group's own loops that the case leaves free; the
// result is indexed by the flattened digits of those loops among the first `fixed` temporal ones.
void Transfers::fill_case(const Group& group, const Case& c, int fixed, std::vector<Moved>& sums) const {
  const std::size_t own = group.loops.size();
  const std::size_t free = free_loops(group, c);
  std::size_t kept = 0;
  std::size_t size = 1;
  while (kept < free && group.loops[kept].position < fixed) {
    size *= static_cast<std::size_t>(group.loops[kept].bound);
    ++kept;
  }
  sums.assign(size, Moved{});
  std::array<std::int64_t, kMaxOwn> digits{};
  const auto low = [&](std::size_t i) { return retains_ && c.steps && static_cast<int>(i) == c.pivot ? 1 : 0; };
  for (std::size_t i = 0; i < free; ++i) {
    digits[i] = low(i);
  }
  while (true) {
    std::size_t index = 0;
    for (std::size_t i = 0; i < kept; ++i) {
      index = index * static_cast<std::size_t>(group.loops[i].bound) + static_cast<std::size_t>(digits[i]);
    }
    sums[index] += entry(group, c, false, {digits.data(), own});
    std::size_t i = free;
    while (i > 0 && ++digits[i - 1] == group.loops[i - 1].bound) {
      digits[i - 1] = low(i - 1);
      --i;
    }
    if (i == 0) {
      return;
    }
  }
}

Transfers::Steps Transfers::steps(int fixed) const {
  Steps result;
  result.owner_ = this;
  result.fixed_ = std::min(fixed, static_cast<int>(temporal_.size()));
  for (const Group& group : groups_) {
    std::vector<std::vector<Moved>> cases(2 * group.loops.size() + 2);
    if (!retains_) {
      fill_case(group, {}, fixed, cases[0]);
    }
    for (int loop = 0; retains_ && loop < static_cast<int>(temporal_.size()); ++loop) {
      const Case c = case_of(group, loop);
      std::vector<Moved>& sums = cases[case_index(c)];
      if (sums.empty()) {
        fill_case(group, c, fixed, sums);
      }
    }
    result.sums_.push_back(std::move(cases));
  }
  return result;
}

// Words of one kind of transition (`loop` advanced) within the step.
std::int64_t Transfers::Steps::advance(int loop, std::span<const std::int64_t> digits) const {
  const Transfers& t = *owner_;
  std::vector<Moved> moved(t.groups_.size());
  for (std::size_t g = 0; g < t.groups_.size(); ++g) {
    const Group& group = t.groups_[g];
    const Case c = t.retains_ ? t.case_of(group, loop) : Case{};
    const std::size_t free = t.free_loops(group, c);
    std::size_t index = 0;
    for (std::size_t i = 0; i < free && group.loops[i].position < fixed_; ++i) {
      index = index * static_cast<std::size_t>(group.loops[i].bound) +
              static_cast<std::size_t>(digits[static_cast<std::size_t>(group.loops[i].position)]);
    }
    moved[g] = sums_[g][case_index(c)][index];
  }
  return t.combine(moved);
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
  return steps(0).words({});
}

}  // namespace weft
