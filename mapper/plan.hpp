// A mapping as the searches hold it: bounds in a rectangular table instead of lists of loops, so that a move
// is one assignment and repairing the bounds of a dim is one pass.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "mapper/map_space.hpp"

namespace weft {

// The loops of one level by kind, outermost first.
enum class Slot : std::uint8_t { kTime, kX, kY };
inline constexpr int kSlots = 3;

struct Plan {
  std::vector<DimArray> bounds;  // [level * kSlots + slot][dim]
  std::vector<std::array<std::uint8_t, kMaxDims>>
      order;                        // [level]: dims of the temporal loops, outermost first
  std::vector<PerRole<bool>> keep;  // [level]

  [[nodiscard]] DimArray& at(int level, Slot slot) {
    return bounds[static_cast<std::size_t>(level * kSlots) + static_cast<std::size_t>(slot)];
  }
  [[nodiscard]] const DimArray& at(int level, Slot slot) const {
    return bounds[static_cast<std::size_t>(level * kSlots) + static_cast<std::size_t>(slot)];
  }
};

// All loops at the outermost level in the problem's order, everything kept.
[[nodiscard]] Plan trivial_plan(const MapSpace& space);

// Clamps every bound of the dim to what is left of it, from the innermost loop out; the outermost temporal
// loop takes the rest. Afterwards the dim is covered and has no empty iterations.
void repair(Plan& plan, int dim, std::int64_t size);
// As repair, then shrinks temporal bounds without adding iterations outside: 56 as 2 x 30 becomes 2 x 28.
void balance(Plan& plan, int dim, std::int64_t size);
void repair_all(Plan& plan, const MapSpace& space);

// Extents of the tiles of one instance of `level`.
[[nodiscard]] DimArray tile_extents(const Plan& plan, const MapSpace& space, int level);
// Instances used on an axis of the fan-out below `level`.
[[nodiscard]] std::int64_t spread(const Plan& plan, const MapSpace& space, int level, Slot axis);
// Does every temporal bound, but the outermost level's, divide what the loops further in leave of its dim, or
// has the innermost level all that the fan-outs leave?
[[nodiscard]] bool is_even(const Plan& plan, const MapSpace& space);
// Do the tiles of all levels from the outermost to `deepest` fit?
[[nodiscard]] bool fits(const Plan& plan, const MapSpace& space, int deepest);

// The order of a level's loops: the plan's, as far as the order that constraints want allows it.
[[nodiscard]] std::array<std::uint8_t, kMaxDims> order_at(const Plan& plan, const MapSpace& space, int level);
// Loops come in the plan's order as far as the order that constraints want allows it.
[[nodiscard]] Mapping to_mapping(const Plan& plan, const MapSpace& space);

}  // namespace weft
