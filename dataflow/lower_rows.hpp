// What every row of the array has to do in each step of a program, for the simulator's row mode: the same
// index arithmetic as for the first instance, with the row's own digits along Y.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <span>
#include <utility>
#include <vector>

#include "arch/program.hpp"
#include "dataflow/lower_sets.hpp"
#include "dataflow/mapping.hpp"
#include "dataflow/nest.hpp"

namespace weft {

class RowLowering {
 public:
  // Keeps references. `first`: first loop of the nest inside a step.
  RowLowering(const Nest& nest, const Mapping& mapping, const Accelerator& accelerator,
              const Problem& problem, const ProgramSets& sets, std::size_t first);
  // Step by step, in order; loads of levels that are not below the rows are passed over.
  void step(const Step& step, const std::vector<std::int64_t>& base);
  void load(const Load& load, std::size_t position, std::span<const std::int64_t> digits);
  [[nodiscard]] Rows take() { return std::move(rows_); }

 private:
  using Tile = std::vector<std::int32_t>;  // per rank: number of a coordinate set
  [[nodiscard]] std::int32_t coordinate_set(const Rank& rank, std::size_t row, int level,
                                            std::span<const std::int64_t> digits);
  [[nodiscard]] std::int64_t common(std::int32_t a, std::int32_t b);
  [[nodiscard]] std::int64_t size(std::int32_t set) const {
    return static_cast<std::int64_t>(known_[static_cast<std::size_t>(set)].size());
  }
  [[nodiscard]] std::int64_t new_words(const Tile& tile, const Tile& held, bool slides);

  const Nest& nest_;
  const Accelerator& accelerator_;
  const Problem& problem_;
  const ProgramSets& sets_;
  std::size_t first_;
  Rows rows_;
  std::vector<std::vector<std::int64_t>> offset_;  // [row][dim]: index where the row begins
  std::map<IndexSet, std::int32_t> numbers_;
  std::vector<IndexSet> known_;
  std::map<std::vector<std::int64_t>, std::int32_t> cached_;
  std::map<std::pair<std::int32_t, std::int32_t>, std::int64_t> commons_;
  PerRole<std::vector<std::vector<Tile>>> held_;  // [role][position][row]
};

// Level above the fan-out whose Y axis makes the rows: the outermost one with a Y axis; without any the last
// one, with a single row.
[[nodiscard]] int row_level(const Accelerator& accelerator);

}  // namespace weft
