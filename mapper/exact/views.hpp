// The loops of one dim outside a child level, as one question sees them.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "mapper/exact/chains.hpp"

namespace weft::exact {

// By what a question does with them.
struct View {
  std::int64_t size = 1, extent = 1;
  bool divides = true;
  std::int64_t beyond = 0;  // how far the last tile begins beyond the dim's last index; negative: inside
  bool all_move = true;     // every instance has two tiles at least whenever the innermost loop runs
  Loops temporal, summed, united;  // outermost first; left out: spatial loops of which the first counts
};

// Both lists in one, outermost first.
[[nodiscard]] Loops merged(const Loops& a, const Loops& b);
// Indices that the loops' digits lead to below `size`, ascending (outermost loops first).
[[nodiscard]] Indices indices(const Loops& loops, std::int64_t size);
// Instances whose offset is below this have at least two tiles along the dim whenever its innermost temporal
// loop runs, so every time they come around their tile has changed.
[[nodiscard]] std::int64_t moving_offsets(const View& view);
// Are these all that have any work?
[[nodiscard]] bool all_move(const View& view);
// The greatest offset of an instance that is sure to have two tiles then.
[[nodiscard]] std::int64_t farthest_moving(const View& view);
// How far the tile of an instance gets at least while the temporal loops from level `from` inwards run, if it
// has two tiles then: where all move, in the last round the farthest instance (farthest_moving).
[[nodiscard]] std::int64_t least_travel(const View& view, int from, std::int64_t farthest);

}  // namespace weft::exact
