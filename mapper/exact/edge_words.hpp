// Words of the first load of an operand, and of the last store of outputs.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "mapper/exact/factors.hpp"

namespace weft::exact {

// What one option of a part contributes: words of the very first tile (of outputs: the very last) that
// crosses the boundary; at the instances that the scope names, the tiles of those united in space taken
// together.
[[nodiscard]] double edge_words(const MapSpace& space, const Part& part, const std::vector<Chain>& option,
                                const Boundary& boundary, Scope scope);

}  // namespace weft::exact
