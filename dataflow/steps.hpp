// How many temporal iterations the array makes, as a whole and inside one step.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>

#include "dataflow/nest.hpp"

namespace weft {

// Combinations of temporal digits in which the first compute unit works.
[[nodiscard]] std::int64_t temporal_iterations(const Nest& nest);

// The same along one dim, over its temporal loops from the `first`-th loop of the nest on, starting at
// `base`.
[[nodiscard]] std::int64_t temporal_iterations(const Nest& nest, int dim, std::size_t first,
                                               std::int64_t base);

}  // namespace weft
