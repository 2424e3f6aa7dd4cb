// What merging partial matrices costs with the non-zeros where they are: merge.hpp, counted.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "arch/spec/merge.hpp"
#include "workload/bitmap.hpp"

namespace weft {

// Padding is left out. Throws ConfigError: too-large (more products than can be followed one by one).
[[nodiscard]] MergeWork counted_merge(const Merge& merge, const Problem& problem, const Bitmap& weights,
                                      const Bitmap& inputs);

}  // namespace weft
