// Where tiles of a tensor live and between which levels they move, for one part of a run.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "arch/sim/port.hpp"
#include "arch/sim/tile_slots.hpp"

namespace weft::sim {

// A bus, or the links of a mesh, below a level.
struct Wire {
  int level = 0;  // above it
  Port* down = nullptr;
  Port* up = nullptr;  // of a bus: the same
  double share = 0;    // of the bits that leave or reach the memory above: those of the busiest link
};

// One end of a mover: a level's memory for the tensor. The outermost level has no slots: everything is
// there from the beginning.
struct Place {
  int level = 0;
  double word_bits = 0;  // as this memory writes the tensor down, on average
  MemoryPorts* ports = nullptr;
  TileSlots* slots = nullptr;
  const Memory* banked = nullptr;  // that states banks; null: they are not modelled
  std::size_t row = 0;             // of the array, if it has a memory of its own
  std::vector<Wire> wires;  // from here to who takes the words: the level of the link, or the compute units
  std::int64_t first_tile = 0;  // the slots count the tiles of all parts: number of this part's first
  // The slots' number of a tile of this part.
  [[nodiscard]] std::int64_t number(std::int64_t tile) const { return first_tile + tile; }
};

// A level that keeps a tensor and the keeper above it.
struct Link {
  Role role = Role::kWeights;
  std::size_t position = 0;  // of the level in the program's keepers; 0: the program does not use it
  Place own, parent;
};

}  // namespace weft::sim
