// Runs programs on a simulator in a child process and brings the results back, because a process can
// elaborate one machine only.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "arch/sim/simulator.hpp"

namespace weft::testing {

// All programs one after the other on one machine.
[[nodiscard]] std::vector<sim::Result> simulate(const Accelerator& accelerator,
                                                const std::vector<Program>& programs,
                                                const sim::Options& options = {},
                                                const sim::Operands* operands = nullptr,
                                                const sim::Positions* positions = nullptr);
[[nodiscard]] sim::Result simulate(const Accelerator& accelerator, const Program& program,
                                   const sim::Options& options = {}, const sim::Operands* operands = nullptr);

// Every piece by itself, then all of them as a network; the last result is the network's.
[[nodiscard]] std::vector<sim::Result> simulate_network(const Accelerator& accelerator,
                                                        const std::vector<sim::Piece>& pieces,
                                                        const sim::Options& options = {});

// Cycles of the parts of a run; their sum is the total before it is rounded up.
[[nodiscard]] double sum_of(const sim::Stalls& stalls);

}  // namespace weft::testing
