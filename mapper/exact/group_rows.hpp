// The factors of a part's nodes for one group of kinds: the least of the options that the group allows, where
// Rows has the least of all options. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <vector>

#include "mapper/exact/rows.hpp"

namespace weft::exact {

class GroupRows {
 public:
  // `forbidden`: loops that no mapping of the group has. All references outlive the object.
  GroupRows(Rows& rows, const Trie& trie, Mentioned forbidden);

  // In the order of Rows; none: no option below the node is allowed.
  [[nodiscard]] const double* of(int node);

 private:
  const double* make(int node);

  Rows* rows_;
  const Trie* trie_;
  Mentioned forbidden_;
  std::vector<const double*> made_;  // [node]
  std::vector<bool> known_;          // [node]
  std::vector<std::vector<double>> least_;
};

}  // namespace weft::exact
