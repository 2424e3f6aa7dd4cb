// Which words of a tensor, as it lies in memory, a tile's way from or to the outermost level carries: runs of
// neighbouring words in row-major order. No time, no SystemC.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <vector>

#include "arch/sim/core/regions.hpp"
#include "arch/sim/core/tiles.hpp"

namespace weft::sim {

// Words first, first + 1, ... of the tensor.
struct WordRun {
  std::int64_t first = 0, count = 0;
  friend bool operator==(const WordRun&, const WordRun&) = default;
};
using WordRuns = std::vector<WordRun>;

class Traffic {
 public:
  // Keeps references.
  Traffic(const Program& program, const TileTable& tiles);
  // Tile i of the tensor's second keeper, asked for in order. The runs cover each word that it does not share
  // with its neighbour in the sequence, and go through the tile again until they have as many words as the
  // program counts: a network without multicast reads a word once for each receiver. Where it counts fewer,
  // since instances that sat out kept words, those that were never read come first.
  [[nodiscard]] WordRuns loaded(Role role, std::size_t i);
  // Of a tile of outputs all words that the next one does not hold: more than the program counts where an
  // idle instance keeps some.
  [[nodiscard]] WordRuns stored(std::size_t i);
  // Partial sums that have to be read because several senders add to a word.
  [[nodiscard]] WordRuns accumulated(std::size_t i);

 private:
  [[nodiscard]] WordRuns wanted_first(Role role, const WordRuns& runs, std::int64_t words);
  [[nodiscard]] WordRuns runs(Role role, const Region& tile, const Region* other, std::int64_t words);
  const TileTable& tiles_;
  std::vector<Regions> regions_;         // [role]
  PerRole<std::vector<bool>> was_read_;  // of operands, by word
};

}  // namespace weft::sim
