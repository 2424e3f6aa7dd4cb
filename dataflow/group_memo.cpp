// SPDX-License-Identifier: Apache-2.0
#include "dataflow/group_memo.hpp"

#include "dataflow/group_summer.hpp"

namespace weft {

namespace {

constexpr std::size_t kMost = 8192;  // groups remembered: some megabytes

}  // namespace

void GroupMemo::begin() {
  made_ = 0;
  if (keys_.size() > kMost) {
    keys_ = KnownKeys();
    known_.clear();
  }
}

const GroupWords& GroupMemo::words(TransferGroup& group, const GroupRules& rules,
                                   std::span<const Gather> how) {
  const GroupSummer summer(rules);
  if (group.uniform || group.dims.empty()) {
    if (made_ == quick_.size()) {
      quick_.emplace_back();
    }
    GroupWords& words = quick_[made_++];
    count_instances(group, how);
    summer.sum(group, words);
    return words;
  }
  add_key(group, rules, how);
  const auto [number, is_new] = keys_.take();
  if (is_new) {
    gather(group, how);
    summer.sum(group, known_.emplace_back());
  }
  return known_[number];
}

// A rank by its coordinates and coefficients rather than by its dims: rows and columns are often the same.
void GroupMemo::add_key(const TransferGroup& group, const GroupRules& rules, std::span<const Gather> how) {
  Key& key = keys_.next();
  const auto flags = (group.rank != nullptr ? 1U : 0U) | (rules.retains ? 2U : 0U) |
                     static_cast<unsigned>(rules.halo) << 4U | static_cast<unsigned>(rules.footprint) << 8U |
                     static_cast<unsigned>(rules.unit) << 12U |
                     static_cast<unsigned>(group.dims.size()) << 20U |
                     static_cast<unsigned>(group.loops.size()) << 24U;
  // Only dims that the tensor does not mention know of visits.
  key.push_back(flags | (group.rank == nullptr ? static_cast<unsigned>(rules.visits) << 16U : 0U));
  if (group.rank != nullptr) {
    key.push_back(group.rank->offset);
    key.push_back(group.rank->extent);
  }
  for (const TransferGroup::OwnDim& dim : group.dims) {
    key.push_back(dim.coeff);
    key.push_back(dim.size);
    key.push_back(dim.extent);
  }
  for (const TransferGroup::TemporalLoop& loop : group.loops) {
    key.push_back(loop.slot);
    key.push_back(loop.bound);
    key.push_back(loop.stride);
  }
  for (const TransferGroup::SpatialLoop& loop : group.spatial) {
    const Gather combined = how[static_cast<std::size_t>(loop.loop)];
    if (combined != Gather::kFirst) {
      key.push_back(-1 - 2 * loop.slot - (combined == Gather::kSum ? 0 : 1));
      key.push_back(loop.bound);
      key.push_back(loop.stride);
    }
  }
}

}  // namespace weft
