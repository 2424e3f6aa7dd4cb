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

// The same for the machine's area; the parts add up to area().
struct AreaPart {
  std::string component{};  // as above
  std::string what{};       // "memory", "wires of weights", "address bits"
  double count = 0;         // instances, bits x mm, bits
  double each_um2 = 0;
  double total_um2 = 0;
  std::string source{};
  std::string range{};
};
[[nodiscard]] std::vector<AreaPart> explain_area(const Accelerator& accelerator, const EnergyTable& table);

// Parts with a count of zero are left out. `stated`: the source of prices that the accelerator states.
[[nodiscard]] std::vector<EnergyPart> explain(const ActionCounts& counts, const Accelerator& accelerator,
                                              const EnergyTable& table, const Problem& problem,
                                              std::int64_t cycles,
                                              const std::string& stated = "stated by the accelerator file");

}  // namespace weft
