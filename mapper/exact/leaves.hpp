// The end of the search: all loop bounds are known, what is left are the orders of the loops.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <vector>

#include "mapper/exact/bound.hpp"
#include "mapper/exact/incumbents.hpp"
#include "mapper/exact/orders.hpp"
#include "mapper/exact/tables.hpp"

namespace weft::exact {

class Leaves {
 public:
  // The references outlive the object.
  Leaves(const MapRequest& request, const MapSpace& space, const CostModel& costs, const Rules& rules,
         std::vector<std::vector<int>> parts, Incumbents& incumbents);

  void begin(const Kind& kind);
  // Prices every order that the kind covers. `options`: numbers of the parts' splits; `result` counts.
  void price(const Chains& chains, const std::vector<int>& options, MapResult& result);

 private:
  [[nodiscard]] bool covered(const std::vector<int>& order, int level, const PerRole<bool>& roles) const;
  void each_order(std::size_t level, MapResult& result);
  void price_one(MapResult& result);
  [[nodiscard]] Mapping mapping() const;

  const MapRequest& request_;
  const MapSpace& space_;
  const CostModel& costs_;
  const Rules& rules_;
  Incumbents& incumbents_;
  std::optional<Tables> tables_;
  const Kind* kind_ = nullptr;
  Chains chains_{};
  std::vector<std::vector<std::vector<int>>> choices_;  // [level]: orders
  std::vector<const std::vector<int>*> orders_;         // [level]: the one at hand
};

}  // namespace weft::exact
