// One layer on the simulated machine: lowers a mapping, runs it, and compares the output tensor with the
// naive reference. What the command line and the explorer share.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "arch/sim/simulator.hpp"
#include "dataflow/counts.hpp"
#include "dataflow/lower.hpp"
#include "dataflow/mapping.hpp"

namespace weft {

struct SimulateLayerOptions {
  // kChecked: random integer operands go in, the output tensor is compared with the reference bit for bit.
  // kNone: timing and counts only; the same cycles.
  enum class Values : std::uint8_t { kChecked, kNone };
  Values values = Values::kChecked;
  std::uint64_t seed = 1;  // of the operands
  LowerOptions lower{};
};

struct LayerMeasurement {
  std::int64_t cycles = 0;
  ActionCounts counts{};              // measured; comparable with evaluate() by same_words()
  std::vector<double> busy_cycles{};  // per level: the busiest port of its memories
  sim::Stalls stalls{};
  std::vector<sim::Component> components{};
  double exact_cycles = 0;              // before rounding up: what stalls and components add up to
  std::int64_t steps = 0;               // of the program
  bool coarsened = false;               // tiles were merged to stay within the step budget
  bool ramp_interference = false;       // see sim::Result
  std::optional<bool> outputs_equal{};  // none: values were not simulated, or sums may have saturated
};

// Equal but for what zeros make of the words, which is an expectation in one and counted in the other.
[[nodiscard]] bool same_words(ActionCounts measured, ActionCounts model);

// Where the non-zeros of the operands of that seed are; null where the machine does nothing about zeros.
[[nodiscard]] std::shared_ptr<const sim::Positions> layer_positions(const Problem& problem,
                                                                    const Accelerator& accelerator,
                                                                    std::uint64_t seed);

// Precondition: the mapping is legal on `accelerator`, the one `simulator` was built for. Operands depend on
// the seed and the problem only. Throws OverflowError, and InternalError when the machine breaks a contract.
[[nodiscard]] LayerMeasurement simulate_layer(sim::Simulator& simulator, const Problem& problem,
                                              const Mapping& mapping, const Accelerator& accelerator,
                                              const SimulateLayerOptions& options = {});

}  // namespace weft
