// The best designs of a front once more, in the simulator. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "dse/evaluator.hpp"
#include "dse/study.hpp"

namespace weft {

// Members of the front in order of their distance to the ideal point (pareto.hpp), the knee first; at most
// `most`.
[[nodiscard]] std::vector<std::size_t> best_of_front(const StudyResult& result, std::size_t most);

// Each design in a process of its own, `workers` at a time, timing and counts only. A design that cannot be
// simulated is left out and noted in result.notes. Nothing else may run in this process meanwhile.
[[nodiscard]] Resimulation resimulate(
    StudyResult& result, const Evaluator& evaluator, std::size_t most, std::size_t workers,
    const std::function<void(std::size_t done, std::size_t total)>& progress);

// Counts pairs and inversions of the designs.
void count_inversions(Resimulation& resimulation);

}  // namespace weft
