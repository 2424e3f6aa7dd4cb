// What every option of every part contributes to the quantities of a structure, by dataflow's own sums
// (Transfers::group_sums).
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "mapper/batch/structure.hpp"

namespace weft::batch {

// A quantity as the sum over its columns of sign times the product over the parts of a factor.
struct Columns {
  std::vector<double> signs;                              // [column]
  std::vector<std::vector<std::vector<double>>> factors;  // [column][part][option]
};

// An option that breaks a rule by itself (Quantity::Kind::kUseful) has factors of 0, and 1 for instances.
[[nodiscard]] std::vector<Columns> tabulate(const Subject& subject, const std::vector<Part>& parts,
                                            const std::vector<Quantity>& quantities);

}  // namespace weft::batch
