// Small machines and programs written without the mapper's help: a matrix product in tiles on a buffer
// between DRAM and one multiplier, so that every cycle can be counted by hand.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "arch/program.hpp"
#include "arch/spec/accelerator.hpp"

namespace weft::testing {

// DRAM (read 8 b/cycle, write 32 b/cycle) above BUF (unlimited) above one MAC.
[[nodiscard]] Accelerator small_machine(Buffering buffering);

struct Tiling {
  std::int64_t m = 1, n = 1, k = 1;     // sizes
  std::int64_t tm = 1, tn = 1, tk = 1;  // tile extents, which divide the sizes
};
// Tiles in the order: for n { for k { for m } }. One MAC per cycle; words of 8 bits, sums of 32; a tile moves
// when it differs from the one before; a visited output tile is read back.
[[nodiscard]] Program tiled_product(const Tiling& tiling);
// Four steps of 8 MACs: each takes a weight (8 b) and gives 8 sums (256 b); the 8 inputs (64 b) stay.
[[nodiscard]] Program four_columns();

}  // namespace weft::testing
