// The search proper: splits are decided level by level for all parts of the problem, for all kinds of a
// family at once. A node of the tree carries the kinds that its bound does not give up.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <limits>
#include <memory>
#include <span>
#include <vector>

#include "mapper/exact/bound.hpp"
#include "mapper/exact/flow_energies.hpp"
#include "mapper/exact/groups.hpp"
#include "mapper/exact/incumbents.hpp"
#include "mapper/exact/leaves.hpp"
#include "mapper/exact/parts.hpp"
#include "mapper/exact/rows.hpp"
#include "mapper/exact/trie.hpp"
#include "mapper/exact/waiting.hpp"

namespace weft::exact {

class BranchAndBound {
 public:
  // The references outlive the object.
  BranchAndBound(const MapRequest& request, const Options& options, const MapSpace& space,
                 const AxesAlike& alike, std::vector<Part> parts, Incumbents& incumbents);

  void run();

  [[nodiscard]] const MapResult& counts() const { return counts_; }
  // The least cost that a mapping may have which was not looked at; infinite: all were.
  [[nodiscard]] double open() const { return open_; }

 private:
  // Of a family.
  [[nodiscard]] std::vector<Alive> roots(BoundProgram& program) const;
  void search(const Family& family, BoundProgram& program, std::vector<Alive> alive);
  // Its tree: nodes wait for their turn.
  void explore();
  void leave_open(std::span<const Alive> alive);
  void visit(WaitingNode& here);
  void decide(const WaitingNode& here);
  void look(const WaitingNode& above);
  void bound_all(std::span<const Alive> alive, WaitingNode& here);
  void each_group(const WaitingNode& here);
  void measure(const WaitingNode& here);
  void leaf(const WaitingNode& here);
  [[nodiscard]] bool arrange_axes(const std::vector<int>& options);
  // Where the parts before this one are spread.
  void place_before(std::size_t end);
  // Is there room for the part as it is spread now, beside those before it?
  [[nodiscard]] bool packs(std::size_t part);
  // Multiplies what the parts contribute where they stand, but for one (or none). False: the group at hand
  // has nothing there.
  bool gather(std::size_t but);
  void ask(std::span<const Alive> alive, std::span<const double> above);
  [[nodiscard]] bool gives_up(std::span<const Alive> alive);

  [[nodiscard]] Alive with_cost(std::size_t profile, const Bound& bound) const {
    return {profile, bound, incumbents_.cost(bound)};
  }
  [[nodiscard]] bool beaten(const Alive& one) const {
    return options_.rules.bounds && incumbents_.beats(one.bound, one.cost);
  }
  [[nodiscard]] bool exhausted() const {
    return request_.max_nodes > 0 && counts_.certificate.nodes >= request_.max_nodes;
  }
  // Keeps what is still of use.
  void refresh(std::vector<Alive>& alive) const;
  [[nodiscard]] const double* row(std::size_t part, int node) {
    return group_ == nullptr ? rows_[part].of(node) : group_->rows[part].of(node);
  }

  const MapRequest& request_;
  const Options& options_;
  const MapSpace& space_;
  Layout layout_;
  CostModel costs_;
  Packing packing_;  // of the parts that are spread
  Incumbents& incumbents_;
  PerRole<std::vector<bool>> slides_;
  std::vector<std::vector<int>> dims_;  // [part]
  Leaves leaves_;
  std::vector<std::shared_ptr<const Trie>> tries_;  // [part]; twins share one
  std::vector<int> twin_;                           // [part]: the first that plays the same role, -1: none
  MapResult counts_;                                // of the search; without a mapping
  double open_ = std::numeric_limits<double>::infinity();

  // Of the family at hand.
  const Family* family_ = nullptr;
  BoundProgram* program_ = nullptr;
  Groups groups_;
  std::vector<Rows> rows_;  // [part]
  FlowEnergies energies_;
  std::vector<std::size_t> profiles_;  // that energies_ is asked for
  std::size_t width_ = 0;
  WaitingNodes waiting_;

  // Of the node at hand.
  Groups::Group* group_ = nullptr;       // none: all, in the first phase
  std::vector<int> nodes_;               // [part]: where it stands
  std::vector<double> others_, values_;  // [product]: of all parts but one, and of all
  std::vector<Alive> candidates_;
  Chains chains_{};  // of a leaf
  KindSet alive_, dead_;
};

}  // namespace weft::exact
