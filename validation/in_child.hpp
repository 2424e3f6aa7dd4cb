// Runs programs on simulators in worker processes, because a process can elaborate one machine only.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <vector>

#include "arch/sim/simulator.hpp"

namespace weft::validation {

// Cycles of the programs, each by itself, timing only; `positions` of the operands of each, or none at all. A
// worker for each core, but with warm caches one, whose machine runs them one after the other. Throws what a
// simulation threw, or std::runtime_error when a worker died.
[[nodiscard]] std::vector<std::int64_t> simulated_cycles(const Accelerator& accelerator,
                                                         const std::vector<Program>& programs,
                                                         const sim::Options& options = {},
                                                         const std::vector<sim::Positions>& positions = {});

}  // namespace weft::validation
