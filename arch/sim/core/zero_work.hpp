// What the zeros of real operands make of a program on a machine that gates or skips: how long the array
// takes for each step, which MACs are left, how many bits tiles take. Worked out before the run. No SystemC.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <utility>
#include <vector>

#include "arch/program.hpp"
#include "arch/sim/simulator.hpp"
#include "arch/spec/merge.hpp"
#include "arch/spec/sparse_effect.hpp"

namespace weft::sim {

struct ZeroWork {
  std::vector<std::int64_t> cycles;     // per step; empty: nothing is skipped
  std::int64_t gated = 0, skipped = 0;  // MACs
  // As SparseEffect has them, counted; `stored` of whole tensors (outputs: as expected).
  std::vector<SparseEffect::Level> levels;
  std::optional<MergeWork> merge;  // where partial matrices are merged
  // Of the weights that pass the outermost level, over their non-zeros: rows that are fetched again.
  double fetched = 1;
};

// Precondition: the program fits the machine, which states something about zeros. Throws ConfigError
// (too-large) when a step has more stretches between barriers than can be kept.
[[nodiscard]] ZeroWork zero_work(const Program& program, const Accelerator& accelerator,
                                 const Positions& positions);

// Bits a tile takes at a level over bits of all its words, from the positions of its non-zeros.
class TileShares {
 public:
  // Keeps references; `whole`: of the same program.
  TileShares(const Program& program, const Accelerator& accelerator, const Positions& positions,
             const ZeroWork& whole);
  // Outputs: as expected.
  [[nodiscard]] double stored(int level, Role role, const Region& tile);

 private:
  [[nodiscard]] double counted(int level, Role role, const Region& tile) const;
  const Program& program_;
  const Accelerator& accelerator_;
  const Positions& positions_;
  const ZeroWork& whole_;
  std::vector<PerRole<TensorFormat>> formats_;  // [level]
  std::map<std::pair<int, std::vector<std::int32_t>>, double> known_;
};

}  // namespace weft::sim
