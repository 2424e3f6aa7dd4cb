// SPDX-License-Identifier: Apache-2.0
#include "dataflow/transfers.hpp"

#include <algorithm>
#include <optional>

#include "base/checked.hpp"
#include "dataflow/group_summer.hpp"

namespace weft {

namespace {

using Case = GroupSummer::Case;

// How far the window moves along the group's rank when a temporal loop advances and those inside it wrap.
std::int64_t net_shift(const TransferGroup& group, int loop) {
  std::int64_t shift = 0;
  for (const TransferGroup::TemporalLoop& own : group.loops) {
    if (own.position >= loop) {
      const std::int64_t steps = own.position == loop ? 1 : 1 - own.bound;
      shift += steps * own.stride * group.dims[static_cast<std::size_t>(own.slot)].coeff;
    }
  }
  return shift;
}

}  // namespace

Transfers::Transfers(const Nest& nest, const Question& question)
    : rules_(question.rules),
      temporal_(temporal_loops(nest, question.child)),
      groups_(transfer_groups(nest, *question.tensor, question.child)),
      steady_(steady_loops({groups_.data(), groups_.size()}, static_cast<int>(temporal_.size()),
                           question.slides)) {
  for (TransferGroup& group : groups_) {
    gather(group, {question.gather.data(), question.gather.size()});
  }
}

Small<bool, 16> steady_loops(std::span<const TransferGroup> groups, int loops, Slides slides) {
  Small<bool, 16> steady(static_cast<std::size_t>(loops), true);
  for (int loop = 0; slides == Slides::kSteady && loop < loops; ++loop) {
    steady[static_cast<std::size_t>(loop)] =
        std::all_of(groups.begin(), groups.end(), [&](const TransferGroup& group) {
          return group.rank == nullptr || net_shift(group, loop) == net_shift(group, loops - 1);
        });
  }
  return steady;
}

std::int64_t Transfers::combine_at(std::span<const Moved> groups, int loop) const {
  if (rules_.retains && loop >= 0 && !steady_[static_cast<std::size_t>(loop)]) {
    // No window slides: what a rank holds already moves again.
    Small<Moved, 8> whole(groups.begin(), groups.end());
    for (Moved& moved : whole) {
      moved.fresh += moved.held;
      moved.held = 0;
    }
    return combine({whole.data(), whole.size()}, true);
  }
  return combine(groups, rules_.retains);
}

std::vector<GroupSums> Transfers::group_sums() const {
  const GroupSummer summer(rules_);
  std::vector<GroupSums> result;
  for (const TransferGroup& group : groups_) {
    GroupWords words;
    summer.sum(group, words);
    GroupSums& sums = result.emplace_back();
    sums.rank = group.rank;
    sums.dim = group.rank != nullptr ? -1 : group.dims[0].dim;
    for (const TransferGroup::TemporalLoop& loop : group.loops) {
      sums.loops.push_back(temporal_[static_cast<std::size_t>(loop.position)]);
    }
    sums.cases.assign(words.cases.begin(), words.cases.end());
    sums.first = words.first;
    sums.last.assign(words.last.begin(), words.last.end());
  }
  return result;
}

std::int64_t Transfers::first_tile() const {
  const GroupSummer summer(rules_);
  Small<Moved, 8> moved;
  for (const TransferGroup& group : groups_) {
    const Small<std::int64_t, 8> zeros(group.loops.size(), 0);
    std::optional<Moved> whole;
    moved.push_back(summer.entry(group, {}, true, {zeros.data(), zeros.size()}, whole));
  }
  return combine_at({moved.data(), moved.size()}, -1);
}

Transfers::Steps Transfers::steps(int fixed) const {
  const GroupSummer summer(rules_);
  Steps result;
  result.owner_ = this;
  result.fixed_ = std::min(fixed, static_cast<int>(temporal_.size()));
  for (const TransferGroup& group : groups_) {
    std::vector<std::vector<Moved>> cases(2 * group.loops.size() + 2);
    const auto fill = [&](const Case& c) {
      std::vector<Moved>& sums = cases[GroupSummer::case_index(c)];
      if (!sums.empty()) {
        return;
      }
      std::size_t size = 1;
      for (std::size_t i = 0; i < summer.kept_loops(group, c, fixed); ++i) {
        size *= static_cast<std::size_t>(group.loops[i].bound);
      }
      sums.resize(size);
      summer.sum_case(group, c, fixed, sums);
    };
    if (!rules_.retains) {
      fill({});
    }
    for (int loop = 0; rules_.retains && loop < static_cast<int>(temporal_.size()); ++loop) {
      fill(GroupSummer::case_of(group, loop));
    }
    result.sums_.push_back(std::move(cases));
  }
  return result;
}

// Words of one kind of transition (`loop` advanced) within the step.
std::int64_t Transfers::Steps::advance(int loop, std::span<const std::int64_t> digits) const {
  const Transfers& t = *owner_;
  const GroupSummer summer(t.rules_);
  Small<Moved, 8> moved(t.groups_.size());
  for (std::size_t g = 0; g < t.groups_.size(); ++g) {
    const TransferGroup& group = t.groups_[g];
    const Case c = t.rules_.retains ? GroupSummer::case_of(group, loop) : Case{};
    const std::size_t free = summer.free_loops(group, c);
    std::size_t index = 0;
    for (std::size_t i = 0; i < free && group.loops[i].position < fixed_; ++i) {
      index = index * static_cast<std::size_t>(group.loops[i].bound) +
              static_cast<std::size_t>(digits[static_cast<std::size_t>(group.loops[i].position)]);
    }
    moved[g] = sums_[g][GroupSummer::case_index(c)][index];
  }
  return t.combine_at({moved.data(), moved.size()}, loop);
}

std::int64_t Transfers::Steps::words(std::span<const std::int64_t> digits) const {
  const Transfers& t = *owner_;
  if (!t.rules_.retains) {
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
    words = t.first_tile();
  }
  for (int inner = fixed_; inner < static_cast<int>(t.temporal_.size()); ++inner) {
    words = checked_add(words, advance(inner, digits));
  }
  return words;
}

}  // namespace weft
