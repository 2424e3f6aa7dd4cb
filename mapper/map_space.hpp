// What the searches ask about a problem on an accelerator: where dims may be spread, which tensors a level
// may keep, and whether tiles fit. Answers are derived once from the description.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "arch/spec/accelerator.hpp"
#include "dataflow/mapping.hpp"
#include "mapper/constraints.hpp"
#include "workload/problem.hpp"

namespace weft {

using DimArray = std::array<std::int64_t, kMaxDims>;

class MapSpace {
 public:
  // All are referred to, not copied. Constraints (null: none) narrow what levels may keep and spread.
  MapSpace(const Problem& problem, const Accelerator& accelerator, const Constraints* constraints = nullptr);

  [[nodiscard]] const Problem& problem() const { return *problem_; }
  [[nodiscard]] const Accelerator& accelerator() const { return *accelerator_; }
  [[nodiscard]] const Constraints* constraints() const { return constraints_; }
  [[nodiscard]] int depth() const { return static_cast<int>(levels_.size()); }
  [[nodiscard]] int dims() const { return problem_->rank(); }

  struct Level {
    std::array<std::vector<int>, 2> spatial_dims;  // [axis]: dims larger than 1 that may be spread over it
    std::array<std::int64_t, 2> fan_out{1, 1};     // [axis]
    PerRole<bool> can_keep{}, must_keep{};
    PerRole<double> word_bits{};         // of that memory's capacity that a word of the tensor takes
    PerRole<int> memory{-1, -1, -1};     // index of the memory that may hold the tensor, -1: none
    std::vector<std::int64_t> capacity;  // [memory]: bits that tiles may take
  };
  [[nodiscard]] const Level& level(int index) const { return levels_[static_cast<std::size_t>(index)]; }

  // Words of a tensor's interior tile for the given tile extents, at most the tensor itself. Exact for
  // ranks of one or two terms, an upper bound for more.
  [[nodiscard]] std::int64_t tile_words(Role role, const DimArray& extents) const;
  // Do the tiles that the level keeps fit into its memories?
  [[nodiscard]] bool fits(int level, const PerRole<bool>& keep, const DimArray& extents) const;

 private:
  const Problem* problem_;
  const Accelerator* accelerator_;
  const Constraints* constraints_;
  std::vector<Level> levels_;
};

}  // namespace weft
