// What groups contribute, remembered by all that it depends on: groups that look alike to a question are
// summed once, in one mapping and in the next ones.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <deque>
#include <span>

#include "base/known_keys.hpp"
#include "dataflow/transfer_group.hpp"

namespace weft {

class GroupMemo {
 public:
  // Of the next mapping: references given before are over.
  void begin();
  // `how`: by the spatial loop's index in the nest. Valid until begin(); the group's instances may be
  // gathered for it.
  [[nodiscard]] const GroupWords& words(TransferGroup& group, const GroupRules& rules,
                                        std::span<const Gather> how);

 private:
  void add_key(const TransferGroup& group, const GroupRules& rules, std::span<const Gather> how);

  KnownKeys keys_;
  std::deque<GroupWords> known_;  // [key]
  // Of this mapping, sooner made than looked up: `made_` of them in use.
  std::deque<GroupWords> quick_;
  std::size_t made_ = 0;
};

}  // namespace weft
