// Which orders of a level's loops are worth a look: one of those that no tensor can tell apart.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <vector>

#include "mapper/exact/chains.hpp"

namespace weft::exact {

using Chains = std::array<Chain, kMaxDims>;  // by dim

struct Order {
  std::vector<int> dims;  // whose loops are larger than 1, outermost first
  // Two orders of a level with the same number look the same to the tensor.
  PerRole<int> view{};
};

// Which dims have loops at the level, and which of them tell a tensor that whole tiles move: of loop bounds
// with the same signature, orders() are the same.
[[nodiscard]] std::uint64_t signature(const MapSpace& space, const Chains& chains, int level,
                                      const PerRole<bool>& roles);

// `roles`: tensors kept further in. `all`: every permutation, each looking different.
[[nodiscard]] std::vector<Order> orders(const MapSpace& space, const Chains& chains, int level,
                                        const PerRole<bool>& roles, bool all);

}  // namespace weft::exact
