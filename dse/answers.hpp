// Works the answers of a finished study out. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <vector>

#include "dse/evaluator.hpp"
#include "dse/study.hpp"

namespace weft {

// One entry for each gene with a choice, the largest shares first; empty with fewer than 20 complete designs.
// At most 2000 designs, evenly over the order of evaluation, are learned from.
[[nodiscard]] std::vector<ChoiceShares> importance_of(const DesignSpace& space,
                                                      const std::vector<StudyPoint>& points);

// Throws ConfigError: what reading the baseline's two files says.
void check_baseline(const DesignSpace& space);
// Of result.space.baseline and result.front. Throws ConfigError: what reading the two files says.
[[nodiscard]] BaselineAnswer compare_with_baseline(const StudyResult& result, const Evaluator& evaluator);

// Of result.space.target; evaluates every design that differs from the nearest one in one choice. None: no
// design is complete.
[[nodiscard]] std::optional<TargetAnswer> reach_target(const StudyResult& result, const Evaluator& evaluator);

}  // namespace weft
