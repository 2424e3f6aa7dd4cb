// Counting from flows that somebody else goes on to use.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>

#include "dataflow/counts.hpp"
#include "dataflow/flow.hpp"

namespace weft {

[[nodiscard]] ActionCounts count_actions(const Nest& nest, const Problem& problem,
                                         const Accelerator& accelerator, FirstFill first_fill,
                                         std::span<Flow> flows);

}  // namespace weft
