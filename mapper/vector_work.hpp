// Vector work of one layer (docs/design.md, section 4.8).
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "arch/spec/accelerator.hpp"
#include "energy_model/energy.hpp"
#include "mapper/mapper.hpp"
#include "workload/network.hpp"

namespace weft {

// Fused operations overlap the array, standalone ones follow it.
struct VectorWork {
  VectorCost fused;
  VectorCost standalone;
};
[[nodiscard]] VectorWork vector_work(const Layer& layer, const Accelerator& accelerator,
                                     const EnergyTable& table);

// Adds them to a result that holds the cycles and the energy of the layer's array work alone.
void add_vector_work(LayerResult& result, const Layer& layer, const Accelerator& accelerator,
                     const EnergyTable& table);

}  // namespace weft
