// The life of an energy table.
// SPDX-License-Identifier: Apache-2.0
#include "energy_model/table.hpp"

namespace weft {

EnergyTable::EnergyTable() = default;
EnergyTable::EnergyTable(EnergyTable&&) noexcept = default;
EnergyTable& EnergyTable::operator=(EnergyTable&&) noexcept = default;
EnergyTable::~EnergyTable() = default;

}  // namespace weft
