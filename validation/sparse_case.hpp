// Layers with real positions of their non-zeros on machines that skip them: what the sparse suites share.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <vector>

#include "dataflow/mapping.hpp"

namespace weft::validation {

struct SparseCase {
  Problem problem;
  Mapping mapping;
};

// Simulated cycles of each, positions drawn from `seed`, at the bandwidths that the machine states.
[[nodiscard]] std::vector<std::int64_t> machine_cycles(const Accelerator& accelerator,
                                                       const std::vector<SparseCase>& cases,
                                                       std::uint64_t seed);
// The array's own: memories move tiles in no time.
[[nodiscard]] std::vector<std::int64_t> array_cycles(const Accelerator& accelerator,
                                                     const std::vector<SparseCase>& cases,
                                                     std::uint64_t seed);
// The model's, on the same terms: perfectly balanced.
[[nodiscard]] std::int64_t balanced_cycles(const Accelerator& accelerator, const SparseCase& one);

// A loop over the dim called `dim`, `bound` times at most (the whole dim, when it is smaller); none for a dim
// that the problem does not have.
void add_temporal(LevelMapping& level, const Problem& problem, const char* dim, std::int64_t bound);
void add_spatial(LevelMapping& level, const Problem& problem, const char* dim, std::int64_t bound, Axis axis);
// Loops at `level` over all that loops elsewhere leave of each dim named, outermost first.
void add_rest(Mapping& mapping, std::size_t level, const Problem& problem,
              const std::vector<const char*>& dims);

}  // namespace weft::validation
