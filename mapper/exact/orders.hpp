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

// Which of the dims have loops at the level, and which of these tell each tensor that whole tiles move, as
// bits: loop bounds of all dims with the same signature, as far as the tensors in question go, have the same
// orders(). What dims of one part contribute depends on their loops only.
using Signature = std::uint64_t;
[[nodiscard]] Signature signature(const MapSpace& space, const Chains& chains, int level,
                                  const std::vector<int>& dims);
// Of these tensors only.
[[nodiscard]] Signature signature_for(Signature all, const PerRole<bool>& roles);

// `roles`: tensors kept further in. `all`: every permutation, each looking different.
[[nodiscard]] std::vector<Order> orders(const MapSpace& space, const Chains& chains, int level,
                                        const PerRole<bool>& roles, bool all);

}  // namespace weft::exact
