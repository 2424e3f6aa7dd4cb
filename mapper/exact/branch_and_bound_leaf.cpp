// Where all loop bounds are known.
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "mapper/exact/branch_and_bound.hpp"

namespace weft::exact {

// Finds room for all parts on every fan-out. False: these options have none beside each other, only others
// that are spread alike.
bool BranchAndBound::arrange_axes(const std::vector<int>& options) {
  for (int level = 0; level < space_.depth(); ++level) {
    const auto l = static_cast<std::size_t>(level);
    if (!layout_.alike[l]) {
      continue;
    }
    std::vector<AxisShares> all;
    for (std::size_t part = 0; part < tries_.size(); ++part) {
      const Part& own = tries_[part]->part();
      all.push_back(shares(space_, dims_[part], own.options[static_cast<std::size_t>(options[part])], level));
    }
    const FanOut& fanout = space_.accelerator().levels[l].fanout;
    const auto chosen = arrange(all, {fanout.x, fanout.y});
    if (!chosen) {
      return false;
    }
    for (std::size_t part = 0; part < tries_.size(); ++part) {
      const AxisShare& share = all[part][(*chosen)[part]];
      for (std::size_t d = 0; d < dims_[part].size(); ++d) {
        Chain& chain = chains_[static_cast<std::size_t>(dims_[part][d])];
        chain.x[l] = share.x[d];
        chain.y[l] = share.y[d];
      }
    }
  }
  return true;
}

void BranchAndBound::leaf(const WaitingNode& here) {
  std::vector<int> options;
  for (std::size_t part = 0; part < tries_.size(); ++part) {
    const Part& own = tries_[part]->part();
    const TrieNode& node = tries_[part]->node(nodes_[part]);
    options.push_back(node.option);
    for (std::size_t d = 0; d < dims_[part].size(); ++d) {
      chains_[static_cast<std::size_t>(dims_[part][d])] =
          own.options[static_cast<std::size_t>(node.option)][d];
    }
  }
  if (!arrange_axes(options)) {
    return;
  }
  alive_ = dead_ = no_kinds(*family_);
  for (const std::size_t kind : group_->kinds) {
    const bool useful = std::any_of(here.alive.begin(), here.alive.end(),
                                    [&](const Alive& one) { return one.profile == program_->profile(kind); });
    add_kind(useful ? alive_ : dead_, kind);
  }
  gather(tries_.size());
  program_->pack(here.packed);
  program_->begin({others_.data(), program_->products().size()});
  program_->begin_edges();
  leaves_.price({chains_, options, alive_, dead_}, counts_);
}

}  // namespace weft::exact
