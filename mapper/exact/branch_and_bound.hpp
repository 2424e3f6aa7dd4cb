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

namespace weft::exact {

class BranchAndBound {
 public:
  // The references outlive the object.
  BranchAndBound(const MapRequest& request, const Options& options, const MapSpace& space,
                 std::vector<Part> parts, Incumbents& incumbents);

  void run();

  [[nodiscard]] const MapResult& counts() const { return counts_; }
  // The least cost that a mapping may have which was not looked at; infinite: all were.
  [[nodiscard]] double open() const { return open_; }

 private:
  struct Alive {
    std::size_t kind = 0;
    Bound bound;
    double cost = 0;  // of the bound
  };
  struct Child {
    double cost = 0;
    int node = 0;
    std::size_t first = 0, count = 0;  // its kinds
    std::size_t number = 0;            // among those kept: where its flows' energies are
  };
  // Nodes of one part in one phase, below the node at hand.
  struct Slot {
    std::vector<Child> children;
    std::vector<Alive> alive;
    std::vector<double> energies;        // [child][flow]: of all its kinds
    std::vector<double> before, values;  // [product]: of the parts that have moved in this phase, and of all
  };

  [[nodiscard]] std::vector<Alive> roots(BoundProgram& program) const;
  void search(const Family& family, BoundProgram& program, std::vector<Alive> alive);
  // The kinds for which a node may be of use, and what their flows cost at least there.
  struct Here {
    std::span<const Alive> alive;
    std::span<const double> energies;
  };
  void begin_phase(int phase, const Here& here);
  void enter(int phase, const Here& here);
  void each_group(std::span<const Alive> alive);
  void ask(std::span<const Alive> alive, std::span<const double> above);
  [[nodiscard]] std::vector<double> energies_of(std::span<const Alive> alive);
  [[nodiscard]] bool gives_up(std::span<const Alive> alive);
  // Gathers what the parts contribute where they stand. False: the group at hand has nothing there.
  [[nodiscard]] bool stand(int phase);
  void descend(int phase, std::size_t part, const Here& above);
  void look(int phase, std::size_t part, int node, std::span<const Alive> alive);
  void leaf(std::span<const Alive> alive);

  [[nodiscard]] Alive with_cost(std::size_t kind, const Bound& bound) const {
    return {kind, bound, incumbents_.cost(bound)};
  }
  [[nodiscard]] bool beaten(const Alive& one) const {
    return options_.rules.bounds && incumbents_.beats(one.bound, one.cost);
  }
  [[nodiscard]] bool exhausted() const {
    return request_.max_nodes > 0 && counts_.certificate.nodes >= request_.max_nodes;
  }
  // Keeps the kinds that are still of use; their number.
  std::size_t refresh(std::span<Alive> alive);
  [[nodiscard]] Slot& slot(int phase, std::size_t part) {
    return slots_[static_cast<std::size_t>(phase) * tries_.size() + part];
  }
  [[nodiscard]] const double* row(std::size_t part, int node) {
    return group_ == nullptr ? rows_[part].of(node) : group_->rows[part].of(node);
  }
  // Factors of the parts that have not moved in this phase yet, from `part` on.
  [[nodiscard]] double* behind(int phase, std::size_t part) {
    return behind_.data() + (static_cast<std::size_t>(phase) * (tries_.size() + 1) + part) * width_;
  }
  [[nodiscard]] const double* ones() { return behind(0, tries_.size()); }

  const MapRequest& request_;
  const Options& options_;
  const MapSpace& space_;
  Layout layout_;
  CostModel costs_;
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
  std::vector<Rows> rows_;          // [part]
  Groups::Group* group_ = nullptr;  // none: all, in the first phase
  FlowEnergies energies_;
  std::vector<std::size_t> kinds_;  // that energies_ is asked for
  std::size_t width_ = 0;
  std::vector<int> nodes_;      // [part]: where it stands
  std::vector<double> behind_;  // [phase][part][product]
  std::vector<Slot> slots_;     // [phase][part]
  std::vector<Alive> candidates_;
  Chains chains_{};  // of the leaf at hand
  KindSet alive_, dead_;
};

}  // namespace weft::exact
