// What groups contribute, remembered by all that it depends on: groups that look alike to a question are
// summed once, in one mapping and in the next ones.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <unordered_map>
#include <vector>

#include <boost/functional/hash.hpp>

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
  using Key = std::vector<std::int64_t>;
  struct KeyHash {
    std::size_t operator()(const Key& key) const { return boost::hash_range(key.begin(), key.end()); }
  };
  void make_key(const TransferGroup& group, const GroupRules& rules, std::span<const Gather> how);

  Key key_;
  std::unordered_map<Key, GroupWords, KeyHash> known_;
  // Of this mapping, sooner made than looked up: `made_` of them in use.
  std::vector<std::unique_ptr<std::array<GroupWords, 32>>> quick_;
  std::size_t made_ = 0;
};

}  // namespace weft
