// Tiles of a window that stay where they are although loops advance.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>

#include "mapper/exact/chains.hpp"

namespace weft::exact {

// Temporal loops of one dim of a rank, outermost first.
struct SteppedDim {
  std::int64_t coeff = 1;
  Loops loops;
  std::int64_t beyond = 0;  // how far the last tile begins beyond the dim's last index
};
// The step of a loop may be undone by what the other dim's loops inside go back (rows 2 p + r: p advances, r
// goes back from 2 to 0); then the tile stands still. Of the combinations of all loops' digits, at most how
// many are entered so, whatever the order of the loops of one level?
[[nodiscard]] std::int64_t standing_still(const std::array<SteppedDim, 2>& dims);

}  // namespace weft::exact
