// What memories leave out on their way to the next one, counted from real positions: of every tile, the share
// of the words brought for it that meet a word of the other operand which is not zero while they lie there.
// No time, no SystemC.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "arch/program.hpp"
#include "arch/sim/core/tiles.hpp"
#include "arch/sim/simulator.hpp"

namespace weft::sim {

// [role][position in Program::keepers][tile]; empty where the keeper above has no sieve for the tensor.
struct SieveTable {
  PerRole<std::vector<std::vector<double>>> live;
};

// Precondition: the program fits the machine. All instances of a level are taken together, as in a tile of
// the program. Padding is no zero.
[[nodiscard]] SieveTable sieve_table(const Program& program, const TileTable& tiles,
                                     const Accelerator& accelerator, const Positions& positions);

}  // namespace weft::sim
