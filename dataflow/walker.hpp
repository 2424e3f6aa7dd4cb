// The ground truth: walks every iteration of the loop nest literally, keeps every instance's tile as a
// set of words, and counts. Slow and obvious; for tests and small problems (about 1e6 MACs).
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "dataflow/counts.hpp"
#include "dataflow/mapping.hpp"

namespace weft {

[[nodiscard]] ActionCounts walk(const Mapping& mapping, const Problem& problem,
                                const Accelerator& accelerator, const CountOptions& options = {});

}  // namespace weft
