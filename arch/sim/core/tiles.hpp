// The tiles a program puts at every keeper, in order, and who uses each: what the load and store engines
// and the array follow. Also the check that a program fits a machine. No time, no SystemC.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "arch/program.hpp"
#include "arch/spec/accelerator.hpp"

namespace weft::sim {

struct Tile {
  const Load* load = nullptr;
  std::int64_t step = 0;       // first step that uses it
  std::int64_t last_step = 0;  // last step before the next tile; step - 1 when replaced at once
  std::int64_t source = -1;    // index of the tile at the keeper above that it is loaded from; -1: outermost
  std::int64_t destination = -1;  // index of the tile at the keeper above that takes its store; -1: outermost
  // Output tile whose store has to be over first, as it has sums that this tile goes on with and the tile
  // before does not keep; -1: none. Only where more than two tiles are about.
  std::int64_t after = -1;
  int users = 0;  // loads from it and stores into it, or the array: all must be done before it leaves
};

using TileSequence = std::vector<Tile>;

// [role][position in Program::keepers]: position 0, the outermost, has no tiles.
struct TileTable {
  PerRole<std::vector<TileSequence>> at;
};

// Tiles that a memory has about at a time. The credits of a buffet are words: while one tile is in use and
// the next waits, the one after that takes the places of words that leave or have had their last use. Counted
// in tiles: one more than two.
[[nodiscard]] int slots_of(const Memory& memory);

// Precondition: misfit() is empty. Keeps pointers into the program.
[[nodiscard]] TileTable tile_table(const Program& program, const Accelerator& accelerator);

// Why the machine cannot run the program, or empty: keepers without a memory, loads between levels that
// are not neighbours in the chain, sets out of range, blocks without cycles.
[[nodiscard]] std::string misfit(const Program& program, const Accelerator& accelerator);

}  // namespace weft::sim
