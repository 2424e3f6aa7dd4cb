// Orders of one level's temporal loops that the model can tell apart.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <vector>

#include "mapper/exact/chains.hpp"

namespace weft::exact {

// One chain per dim of the problem; dims of size 1 have a chain of ones.
using Chains = std::array<Chain, kMaxDims>;

// Representatives of all orders (dims with a loop at the level, outermost first): two orders that every
// tensor of `roles` sees alike cost the same. With `all`, every order.
[[nodiscard]] std::vector<std::vector<int>> orders(const MapSpace& space, const Chains& chains, int level,
                                                   const PerRole<bool>& roles, bool all);

}  // namespace weft::exact
