// Where the energy of AlexNet goes on the array of the first Eyeriss paper, in MACs.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "validation/suite.hpp"

namespace weft::validation {

// Of a row-stationary mapping with the least energy, found by exact search; the paper's own are not
// published. In 1e9 times the energy of a MAC.
struct EyerissEnergy {
  Series alu, dram;
};
[[nodiscard]] EyerissEnergy eyeriss_energy(const SuiteOptions& options);

}  // namespace weft::validation
