// One dim's loops as a side of a window: where its tiles begin, and what they take in.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "mapper/exact/views.hpp"
#include "mapper/exact/windows.hpp"

namespace weft::exact {

// Temporal loops from level `united_from` inwards are swept: their tiles count as one. `only_moving`: without
// the tiles of runs in which an instance has no other, for those need not move.
[[nodiscard]] WindowSide window_side(const View& view, std::int64_t coeff, int united_from, bool only_moving);

}  // namespace weft::exact
