// The values a program moves and computes, without time: every level has a store per tensor; tiles bring
// words in and take them out again, and the array sees nothing but the innermost stores. A word that is
// not where it should be is poison, so a missing load spoils the output.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <vector>

#include "arch/sim/core/mac_block.hpp"
#include "arch/sim/core/regions.hpp"
#include "arch/sim/core/tiles.hpp"
#include "workload/tensor.hpp"

namespace weft::sim {

class Values {
 public:
  // Keeps references to `program` and `tiles`. Operand extents must be those of the problem's tensors.
  Values(const Program& program, const TileTable& tiles, const Tensor& weights, const Tensor& inputs);

  // Tile i of `role` at the keeper `position` arrives: the words it does not share with tile i - 1. Operands
  // are copied; partial sums move down when the load carries words, else the accumulation starts at zero.
  void load(Role role, std::size_t position, std::size_t i);
  // An operand tile leaves: words that neither tile i + 1 nor one that has arrived holds become poison.
  void drop(Role role, std::size_t position, std::size_t i);
  // An output tile leaves: its words that tile i + 1 does not keep are added to the store above. None of them
  // is in a tile that has arrived since (Tile::after).
  void store(std::size_t position, std::size_t i);
  // The MACs of a step, from and to the innermost stores.
  void compute(const Step& step);
  // A word of the outermost store, where that mirrors a memory of somebody else's.
  [[nodiscard]] std::int64_t outermost(Role role, std::int64_t word) const;
  void set_outermost(Role role, std::int64_t word, std::int64_t value);
  // What has reached the outermost store.
  [[nodiscard]] Accumulators take_outputs();

 private:
  [[nodiscard]] Regions& regions(Role role) { return regions_[static_cast<std::size_t>(index_of(role))]; }
  [[nodiscard]] const TileSequence& tiles(Role role, std::size_t position) const {
    return tiles_.at[static_cast<std::size_t>(index_of(role))][position];
  }
  const Program& program_;
  const TileTable& tiles_;
  std::vector<Regions> regions_;  // [role]
  // [keeper position]: the words of the whole tensor, of which a level holds only its live tiles.
  std::array<std::vector<std::vector<std::int32_t>>, 2> operands_;  // weights, inputs
  std::vector<std::vector<std::int64_t>> outputs_;
  PerRole<std::vector<std::size_t>> arrived_;  // [role][keeper position]: tiles so far
  MacBlock mac_block_;
};

}  // namespace weft::sim
