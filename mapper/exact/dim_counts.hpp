// Sums over the digits of one dim's loops in closed form: how many tiles there are, and how many elements
// they hold. Loops that are left out stay at digit zero. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "mapper/exact/chains.hpp"

namespace weft::exact {

// Combinations of the loops' digits (outermost first) whose index, from `base` on, lies inside [0, size).
[[nodiscard]] std::int64_t active(const Loops& loops, std::int64_t size, std::int64_t base = 0);

// Elements of the tiles of `extent` at these combinations, cut at `size`.
[[nodiscard]] std::int64_t elements(const Loops& loops, std::int64_t extent, std::int64_t size,
                                    std::int64_t base = 0);

}  // namespace weft::exact
