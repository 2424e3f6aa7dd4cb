// The index and coordinate sets a program refers to, each stored once.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <span>
#include <vector>

#include "arch/program.hpp"
#include "dataflow/nest.hpp"

namespace weft {

class ProgramSets {
 public:
  // `fixed`: number of outermost temporal loops whose digits a step fixes.
  ProgramSets(const Nest& nest, int fixed, Program& program);

  // Set of all indices of `dim` that a level's instances hold in a step (level = depth: that the array
  // computes).
  [[nodiscard]] std::int32_t dim_set(int dim, int level, std::span<const std::int64_t> digits);
  // Words of a tensor that all instances of `level` hold in a step.
  [[nodiscard]] Region region(Role role, int level, std::span<const std::int64_t> digits);
  // The same for the instances of `level` that the first instance of the level `above` feeds, counted.
  [[nodiscard]] std::int64_t words_below_first(Role role, int level, int above,
                                               std::span<const std::int64_t> digits) const;

  // Indices that the instances of `level` below the first instance of `above` hold.
  [[nodiscard]] IndexSet indices(int dim, int level, int above, std::span<const std::int64_t> digits) const;
  // Appends the digits that such indices of the rank's dims depend on.
  void add_digits(std::vector<std::int64_t>& key, const Rank& rank, int level,
                  std::span<const std::int64_t> digits) const;

 private:
  const Nest& nest_;
  Program& program_;
  std::vector<int> fixed_loops_;  // indices into nest.loops()
  std::map<std::vector<std::int64_t>, std::int32_t> known_dims_, known_ranks_;
};

// Sums of one element of each set (one per term of the rank), weighted by its terms, inside the stored
// extent.
[[nodiscard]] IndexSet coordinates(const Rank& rank, const std::vector<const IndexSet*>& dims);

}  // namespace weft
