// The words of a run from what its groups contribute: a product over groups for each loop that may advance.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "dataflow/transfer_group.hpp"

namespace weft {

// Of all transitions but the first, into a child that holds tiles. `owners`: the group of each temporal loop
// outside it; `steady`: as steady_loops() has it, or empty: all are. Throws OverflowError.
[[nodiscard]] std::int64_t later_words(std::span<const GroupWords* const> groups,
                                       std::span<const std::size_t> owners, std::span<const bool> steady);

}  // namespace weft
