// The operands of a problem as matrices: the columns of the non-zeros in every row.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <vector>

#include "workload/problem.hpp"

namespace weft {

using Index = std::uint32_t;
using Rows = std::vector<std::vector<Index>>;

// By matrix of the batch: inputs M x K, weights K x N of the product that the problem unfolds to (merge.hpp).
// Columns ascend; padding is left out.
[[nodiscard]] std::vector<Rows> matrix_rows(const Problem& problem, Role role, const Bitmap& positions);

}  // namespace weft
