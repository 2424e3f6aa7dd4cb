// How much longer an array that skips zeros takes than if all its units had equally much left: the slowest
// unit between two barriers, expected for zeros that are spread uniformly. The analytic model does not have
// it (its compute cycles are a constant of layer and machine, docs/design.md 4.11); reports say it beside
// them. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>

#include "arch/spec/accelerator.hpp"
#include "dataflow/mapping.hpp"
#include "workload/problem.hpp"

namespace weft {

// Cycles of the array over those of the model, 1 or more; the mean over full steps, whose units' shares of
// non-zeros are drawn (binomially, seeded by the layer's shape alone, so equal calls give equal results).
// Windows of inputs that overlap are drawn as if they did not, and partial tiles as full ones.
// None: nothing is skipped, an array whose units are too many to be drawn, operands are multiplied as
// Cartesian products or merged, or a tensor whose zeros are skipped has them arranged in another way.
// Preconditions: the mapping is legal; `accelerator` is for_layer() of the problem.
[[nodiscard]] std::optional<double> expected_imbalance(const Mapping& mapping, const Problem& problem,
                                                       const Accelerator& accelerator);

}  // namespace weft
