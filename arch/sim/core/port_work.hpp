// What every transfer of a program asks of the ports, worked out before the run: its words times their
// width, and where the machine fetches whole tiles, cuts transfers into requests or has a cache, what
// these add. No SystemC.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <vector>

#include "arch/program.hpp"
#include "arch/sim/core/tiles.hpp"
#include "arch/spec/accelerator.hpp"

namespace weft::sim {

// Bits of port time of one tile, for the first instances: a port that is kept busy longer than its words
// take has more. What later senders of an output word add to is not in here (mover.cpp).
struct PortWork {
  double parent_read = 0, own_write = 0;  // load
  double own_read = 0, parent_write = 0;  // store of an output tile
  double down = 0, up = 0;                // bits that leave the parent, or reach it: for wires between
  std::int64_t latency = 0;  // cycles from the end of the load on the ports until the tile is there
};

// Of the words that tiles move into or out of a level: written plainly, and as the level's format has them.
struct StoredBits {
  double plain = 0, written = 0;
};

// Words that pass a sieve, of those asked for: without a sieve nothing is noted.
struct SievedWords {
  double asked = 0, moved = 0;
  [[nodiscard]] double share() const { return asked > 0 ? moved / asked : 1; }
};

struct PortWorkTable {
  PerRole<std::vector<StoredBits>> stored{};             // [role][level]
  PerRole<std::vector<SievedWords>> sent{}, arriving{};  // [role][level]
  PerRole<std::vector<std::vector<PortWork>>> at;        // as TileTable
  std::int64_t lines = 0, misses = 0;                    // of all caches
};

enum class CacheStart : std::uint8_t { kEmpty, kWarm };  // warm: as the same program has left it

class TileShares;   // zero_work.hpp
struct SieveTable;  // sieve_table.hpp

// How the tiles of this program are written down (null: plainly), and what of them moves (null: all).
struct TileZeros {
  TileShares* shares = nullptr;
  const SieveTable* sieves = nullptr;
};
[[nodiscard]] PortWorkTable port_work(const Program& program, const TileTable& tiles,
                                      const Accelerator& accelerator, CacheStart start,
                                      const TileZeros& zeros = {});

}  // namespace weft::sim
