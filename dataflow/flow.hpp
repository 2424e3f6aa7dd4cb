// Everything that crosses the boundaries of a mapping.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "dataflow/flow_words.hpp"
#include "dataflow/group_memo.hpp"

namespace weft {

// Of each boundary, in the order of boundaries(). Throws OverflowError.
[[nodiscard]] Small<FlowWords, 9> flow_words(const Nest& nest, const Mapping& mapping, const Problem& problem,
                                             const Accelerator& accelerator, const CountOptions& options,
                                             GroupMemo& memo);

}  // namespace weft
