// Runs programs on a simulator in a child process, because a process can elaborate one machine only.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <vector>

#include "arch/sim/simulator.hpp"

namespace weft::validation {

// Cycles of the programs, one after the other on one machine, timing only; `positions` of the operands of
// each, or none at all. Throws std::runtime_error with the child's words when it failed.
[[nodiscard]] std::vector<std::int64_t> simulated_cycles(const Accelerator& accelerator,
                                                         const std::vector<Program>& programs,
                                                         const sim::Options& options = {},
                                                         const std::vector<sim::Positions>& positions = {});

}  // namespace weft::validation
