// The last word on a design: its layers in the SystemC simulator, with values.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "dse/simulate_layer.hpp"
#include "dse/study.hpp"
#include "mapper/mapper.hpp"
#include "workload/network.hpp"

namespace weft {

// Simulates every distinct mapped layer once, and compares cycles and counts with the model's; with values
// random operands of the layer's width from `seed` go in and the outputs are compared with the naive
// reference. At most once in a process.
[[nodiscard]] std::vector<SimulatedLayer> simulate_layers(
    const Network& network, const NetworkResult& mapped, const Accelerator& accelerator, std::uint64_t seed,
    SimulateLayerOptions::Values values,
    const std::function<void(int done, int total, const std::string& name)>& progress);

}  // namespace weft
