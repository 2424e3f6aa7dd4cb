// A structure made ready for the kernels: tables of what the options contribute, and the formulas over them.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <vector>

#include "mapper/batch/layout.hpp"

namespace weft::batch {

// Formulas and the tables of the quantities in them.
struct Stage {
  Layout layout;
  Program program;
};

// Legality comes first: where a mapping is illegal, nothing else is worked out.
struct Compiled {
  Stage legal;  // output: 1 or 0
  Stage cost;   // outputs: energy in pJ, cycles
};

// Nothing where a number might reach kExactBelow.
[[nodiscard]] std::optional<Compiled> compile(const Subject& subject, const std::vector<Part>& parts,
                                              std::size_t swept);

}  // namespace weft::batch
