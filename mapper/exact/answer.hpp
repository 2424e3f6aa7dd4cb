// What one part contributes to one count, bounded from below (and exactly where nothing depends on orders).
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "mapper/exact/factors.hpp"

namespace weft::exact {

// Writes the factors of `asked` (Asked: whole, once, slide, volume; of operands of compute: whole) for one
// option of a part.
void write_answer(const MapSpace& space, const Part& part, const std::vector<Chain>& option,
                  const Asked& asked, double* factors);

}  // namespace weft::exact
