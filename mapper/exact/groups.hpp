// Kinds of a family for which the same loops are out of the question. No mapping belongs to two groups: which
// tensors the loops of its levels leave unmentioned is exactly what the kinds of its group say.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <span>
#include <vector>

#include "mapper/exact/group_rows.hpp"
#include "mapper/map_space.hpp"

namespace weft::exact {

class Groups {
 public:
  struct Group {
    Mentioned unmentioned = 0;    // by loops of its mappings
    Mentioned required = 0;       // some loop of the level has to
    std::vector<GroupRows> rows;  // [part]
    std::vector<std::size_t> kinds;
    std::vector<bool> profiles;  // [profile]: some kind has it
  };
  using Tries = std::vector<std::shared_ptr<const Trie>>;

  // Of another family. The references stay in use until the next call; `rows`, `tries`: [part].
  void begin(const Family& family, const BoundProgram& program, std::vector<Rows>& rows, const Tries& tries);

  [[nodiscard]] std::span<Group> all() { return groups_; }
  // The parts stand at `nodes`, of this phase: does some loop of every level decided so far mention each
  // tensor that the group does not leave alone?
  [[nodiscard]] bool mention_enough(const Group& group, std::span<const int> nodes, int phase) const;

 private:
  const Tries* tries_ = nullptr;
  int depth_ = 0;
  std::vector<Group> groups_;
};

}  // namespace weft::exact
