// The second half of the model: from words at the boundaries to counts, time and utilisation. Whoever knows
// the words, by counting one mapping (evaluate) or from tables over many, gets the same numbers.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>

#include "dataflow/evaluate.hpp"
#include "dataflow/flow_words.hpp"
#include "dataflow/nest.hpp"

namespace weft {

// `flows`: all boundaries of a mapping, in the order of boundaries(). Throws OverflowError.
[[nodiscard]] Evaluation assess(const Problem& problem, const Accelerator& accelerator,
                                std::span<const FlowWords> flows, const MachineUse& use,
                                const EvaluateOptions& options);
[[nodiscard]] ActionCounts count_actions(const Problem& problem, const Accelerator& accelerator,
                                         FirstFill first_fill, std::span<const FlowWords> flows,
                                         const MachineUse& use);
[[nodiscard]] MachineUse machine_use(const Nest& nest, const Mapping& mapping,
                                     const Accelerator& accelerator);

}  // namespace weft
