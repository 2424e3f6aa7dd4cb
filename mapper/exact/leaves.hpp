// The end of the search: all loop bounds are known, what is left are the orders of the loops.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <unordered_map>
#include <vector>

#include "mapper/exact/bound.hpp"
#include "mapper/exact/coverage.hpp"
#include "mapper/exact/incumbents.hpp"
#include "mapper/exact/orders.hpp"
#include "mapper/exact/tables.hpp"

namespace weft::exact {

class Leaves {
 public:
  // The references outlive the object.
  Leaves(const MapRequest& request, const MapSpace& space, const CostModel& costs, const Rules& rules,
         std::vector<std::vector<int>> parts, Incumbents& incumbents);

  // Leaves of this family come next. The references stay until the next call.
  void begin(const Family& family, BoundProgram& program);
  // All loops of a mapping but their orders.
  struct Leaf {
    const Chains& chains;
    const std::vector<int>& options;  // numbers of the parts' splits
    const KindSet& alive;             // kinds whose bound does not give the leaf up
    const KindSet& dead;              // kinds whose bound does
  };
  // Prices the orders of which some kind alive covers all they are good for, and no dead one does. The
  // program stands at the leaf. `result` counts.
  void price(const Leaf& leaf, MapResult& result);

 private:
  struct Choice {
    Order order;
    const KindSet* covered;
  };
  using Choices = std::vector<Choice>;
  // Words of a flow for one way in which its tensor sees the orders, and what they use.
  struct Known {
    bool made = false;
    FlowWords words;
    std::vector<double> used;
  };

  [[nodiscard]] const Choices& choose(std::size_t level);
  [[nodiscard]] Signature signature_at(std::size_t level);
  void each_order(std::size_t level, MapResult& result);
  void price_one(MapResult& result);
  [[nodiscard]] const Known& known(std::size_t flow);
  void promote_decisive();
  void bound_rest();
  [[nodiscard]] std::size_t child_of(std::size_t flow) const {
    return static_cast<std::size_t>(tables_->flows()[flow].child);
  }
  [[nodiscard]] bool may_be_of_use(std::size_t level);
  [[nodiscard]] Mapping mapping() const;

  const MapRequest& request_;
  const MapSpace& space_;
  const CostModel& costs_;
  const Rules& rules_;
  Incumbents& incumbents_;
  std::optional<Tables> tables_;
  const Family* family_ = nullptr;
  BoundProgram* program_ = nullptr;
  std::optional<Coverage> coverage_;
  std::vector<std::size_t> resource_flow_;  // [flow of the tables]: the same of the program
  std::vector<std::size_t> turns_;          // flows by child, in which order they are decided
  std::size_t decisive_ = 0;                // turn that gave up the last orders
  const Leaf* leaf_ = nullptr;
  std::vector<std::size_t> alive_;                  // profiles of the leaf
  std::vector<std::vector<int>> parts_;             // dims
  std::vector<std::vector<Signature>> signatures_;  // [part][depth * option + level]; 0: not yet, or no loops
  std::vector<std::unordered_map<Signature, Choices>> known_choices_;  // [level], by signature
  std::vector<const Choices*> choices_;                                // [level]: orders
  std::vector<const Order*> orders_;                                   // [level]: the one at hand
  std::vector<KindSet> covered_;                                       // [level]: by the orders down to it
  std::vector<std::vector<Known>> known_;                              // [flow][view]
  std::vector<FlowWords> words_;                                       // of the orders at hand
  std::vector<std::vector<double>> decided_;  // [level]: what flows use that the orders down to it decide
  std::vector<std::vector<double>> rest_;     // [turn]: what flows from this turn on use at least
  std::vector<double> sum_;
};

}  // namespace weft::exact
