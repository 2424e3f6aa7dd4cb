// How much each compute unit of the array has to do under a mapping: what a picture of the array shows.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <vector>

#include "dataflow/mapping.hpp"

namespace weft {

// The array as seen from outside: the fan-outs of all levels put into each other, outer ones first, in X and
// Y.
struct Activity {
  std::int64_t x = 1, y = 1;
  // Row by row: the share of the temporal iterations with any work in which the unit has a MAC. Where the
  // array is larger than kMostCells along an axis, neighbours share a cell, which holds their mean.
  std::int64_t cells_x = 1, cells_y = 1;
  std::vector<double> share{};
  std::int64_t iterations = 1;  // temporal ones with any work; shares of all units x these are the MACs
};

inline constexpr std::int64_t kMostCells = 32;

// The mapping must be legal. A unit that no spatial loop reaches has 0; where several loops go along an axis
// the inner one varies fastest. By index arithmetic (docs/design.md, section 4.1): dims are independent, so a
// unit's share is a product over dims.
[[nodiscard]] Activity activity(const Mapping& mapping, const Problem& problem,
                                const Accelerator& accelerator);

}  // namespace weft
