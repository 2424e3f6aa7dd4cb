// Where an energy comes from: every count times every price, with the price's source and the range that it
// holds for. The parts add up to energy().
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "energy_model/energy.hpp"

namespace weft {

struct EnergyPart {
  std::string component{};  // memory, network or unit, by its name in the accelerator
  std::string action{};     // "read weights"
  double count = 0;         // accesses, words, MACs, or cycles of all instances for leakage
  double each_pj = 0;       // per access, word ...
  double total_pj = 0;      // count x each
  std::string source{};     // of the price
  std::string range{};      // sizes its law holds for, and where the size is; empty: stated or constant
};

// Parts with a count of zero are left out. `stated`: the source of prices that the accelerator states.
[[nodiscard]] std::vector<EnergyPart> explain(const ActionCounts& counts, const Accelerator& accelerator,
                                              const EnergyTable& table, const Problem& problem,
                                              std::int64_t cycles,
                                              const std::string& stated = "stated by the accelerator file");

}  // namespace weft
