// Areas of the parts of a machine, from the bottom up. Private to the folder.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "energy_model/energy.hpp"

namespace weft {

// um2 at the accelerator's technology.
struct MachineArea {
  std::vector<std::vector<double>> memories;  // [level][memory]: one instance
  // [level]: one instance of the level with everything below it; last: one compute unit.
  std::vector<double> instance;
};
[[nodiscard]] MachineArea machine_area(const Accelerator& accelerator, const EnergyTable& table);

}  // namespace weft
