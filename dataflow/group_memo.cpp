// SPDX-License-Identifier: Apache-2.0
#include "dataflow/group_memo.hpp"

#include "dataflow/group_summer.hpp"

namespace weft {

namespace {

constexpr std::size_t kMost = 8192;  // groups remembered: some megabytes

}  // namespace

void GroupMemo::begin() {
  made_ = 0;
  if (known_.size() > kMost) {
    known_.clear();
  }
}

const GroupWords& GroupMemo::words(TransferGroup& group, const GroupRules& rules,
                                   std::span<const Gather> how) {
  const GroupSummer summer(rules);
  if (group.uniform || group.dims.empty()) {
    const std::size_t chunk = made_ / 32;
    if (chunk == quick_.size()) {
      quick_.push_back(std::make_unique_for_overwrite<std::array<GroupWords, 32>>());
    }
    GroupWords& words = (*quick_[chunk])[made_++ % 32];
    count_instances(group, how);
    summer.sum(group, words);
    return words;
  }
  make_key(group, rules, how);
  const auto found = known_.find(key_);
  if (found != known_.end()) {
    return found->second;
  }
  gather(group, how);
  GroupWords& words = known_[key_];
  summer.sum(group, words);
  return words;
}

// A rank by its coordinates and coefficients rather than by its dims: rows and columns are often the same.
void GroupMemo::make_key(const TransferGroup& group, const GroupRules& rules, std::span<const Gather> how) {
  key_.clear();
  const auto flags = (group.rank != nullptr ? 1U : 0U) | (rules.retains ? 2U : 0U) |
                     static_cast<unsigned>(rules.halo) << 4U | static_cast<unsigned>(rules.footprint) << 8U |
                     static_cast<unsigned>(rules.unit) << 12U |
                     static_cast<unsigned>(group.dims.size()) << 20U |
                     static_cast<unsigned>(group.loops.size()) << 24U;
  // Only dims that the tensor does not mention know of visits.
  key_.push_back(flags | (group.rank == nullptr ? static_cast<unsigned>(rules.visits) << 16U : 0U));
  if (group.rank != nullptr) {
    key_.push_back(group.rank->offset);
    key_.push_back(group.rank->extent);
  }
  for (const TransferGroup::OwnDim& dim : group.dims) {
    key_.push_back(dim.coeff);
    key_.push_back(dim.size);
    key_.push_back(dim.extent);
  }
  for (const TransferGroup::TemporalLoop& loop : group.loops) {
    key_.push_back(loop.slot);
    key_.push_back(loop.bound);
    key_.push_back(loop.stride);
  }
  for (const TransferGroup::SpatialLoop& loop : group.spatial) {
    const Gather combined = how[static_cast<std::size_t>(loop.loop)];
    if (combined != Gather::kFirst) {
      key_.push_back(-1 - 2 * loop.slot - (combined == Gather::kSum ? 0 : 1));
      key_.push_back(loop.bound);
      key_.push_back(loop.stride);
    }
  }
}

}  // namespace weft
