// SPDX-License-Identifier: Apache-2.0
#include "mapper/exact/group_rows.hpp"

#include <algorithm>

namespace weft::exact {

GroupRows::GroupRows(Rows& rows, const Trie& trie, Mentioned forbidden)
    : rows_(&rows), trie_(&trie), forbidden_(forbidden) {}

const double* GroupRows::of(int node) {
  if (made_.empty()) {  // most groups are never asked
    made_.resize(static_cast<std::size_t>(trie_->nodes()));
    known_.resize(made_.size());
  }
  const auto n = static_cast<std::size_t>(node);
  if (!known_[n]) {
    known_[n] = true;
    made_[n] = make(node);
  }
  return made_[n];
}

const double* GroupRows::make(int node) {
  const TrieNode& here = trie_->node(node);
  if ((here.mentioned & forbidden_) != 0) {
    return nullptr;
  }
  if (here.children == 0) {
    return rows_->of(node);
  }
  std::vector<double> row;
  const double* only = nullptr;
  for (int child = here.first_child; child < here.first_child + here.children; ++child) {
    const double* own = of(child);
    if (own == nullptr) {
      continue;
    }
    if (only == nullptr) {
      only = own;
      continue;
    }
    if (row.empty()) {
      row.assign(only, only + rows_->width());
    }
    rows_->take(own, row.data());
  }
  if (row.empty()) {
    return only;
  }
  least_.push_back(std::move(row));
  return least_.back().data();
}

}  // namespace weft::exact
