// Which kinds credit an order with all it is good for.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "mapper/exact/kinds.hpp"
#include "mapper/exact/orders.hpp"

namespace weft::exact {

// A set of kinds of one family, one bit each.
using KindSet = std::vector<std::uint64_t>;
[[nodiscard]] KindSet no_kinds(const Family& family);
void add_kind(KindSet& set, std::size_t kind);
[[nodiscard]] bool contains(const KindSet& set, std::size_t kind);
[[nodiscard]] bool meet(const KindSet& a, const KindSet& b);

class Coverage {
 public:
  explicit Coverage(const Family& family);

  // Kinds that say of the level no less than the order is good for.
  [[nodiscard]] const KindSet& of(const Order& order, std::size_t level, const Problem& problem) const;

 private:
  static constexpr std::size_t kSets = 8;  // of tensors
  std::vector<PerRole<bool>> kept_below_;  // [level]
  // [level]: by tensors that no loop mentions, and by tensors that the innermost one leaves in place
  std::vector<std::array<KindSet, kSets * kSets>> credit_;
  KindSet every_;
};

}  // namespace weft::exact
