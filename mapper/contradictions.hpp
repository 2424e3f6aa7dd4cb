// Constraints that no mapping can meet, found before any search from necessary conditions on single dims,
// axes, memories and the array. What is found holds for mappings with one loop per dim, level and axis, as
// every search makes them. Nothing found does not prove that a mapping exists (see infeasible.hpp).
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "mapper/constraints.hpp"

namespace weft {

enum class Conflict : std::uint8_t {
  kOverDim,      // level, dim: the least bound asked for (needed) exceeds what is left of the dim (available)
  kUnderDim,     // dim: all bounds together reach `available` of the `needed` size
  kTile,         // level, dim: the tile range and the bounds exclude each other
  kOverFanOut,   // level, axis: least spatial bounds (needed) exceed the fan-out (available)
  kNotSpread,    // level, dim, axis: has to be spread where the hardware cannot
  kCannotKeep,   // level, role: no memory there holds it
  kMustKeep,     // level, role: the hardware has to keep it there
  kCapacity,     // level, memory: the smallest tiles allowed (needed, bits) exceed it (available)
  kUtilization,  // at most `available` of all compute units (millionths) can work, `needed` are asked for
  kNoDivisor,    // dim: bounds asked for (needed) do not divide its size (available), although factors must
};
// The diagnostic code: "bounds-exceed-dim", ...
[[nodiscard]] std::string_view code_of(Conflict conflict);

struct Contradiction {
  Conflict conflict = Conflict::kOverDim;
  int level = -1;  // -1: the mapping as a whole
  int index = -1;  // dim, role or memory, by conflict
  Axis axis = Axis::kX;
  std::int64_t needed = 0;
  std::int64_t available = 0;
};

// All that are found, at most one per conflict, level and dim; empty: none. Takes no longer for large dims.
[[nodiscard]] std::vector<Contradiction> contradictions(const Constraints& constraints,
                                                        const Problem& problem,
                                                        const Accelerator& accelerator);
// "K: bounds of at least 128 at GLB, but only 64 are left of it".
[[nodiscard]] std::string explain(const Contradiction& contradiction, const Problem& problem,
                                  const Accelerator& accelerator);
// What to change, for the hint of a diagnostic.
[[nodiscard]] std::string remedy(const Contradiction& contradiction, const Problem& problem,
                                 const Accelerator& accelerator);

// Extents that every tile has at least, by level and dim: products of the least bounds and extents, clipped.
[[nodiscard]] std::vector<std::array<std::int64_t, kMaxDims>> least_extents(const Constraints& constraints,
                                                                            const Problem& problem);

}  // namespace weft
