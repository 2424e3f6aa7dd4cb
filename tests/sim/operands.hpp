// Operands of a layer, drawn, and where they are not zero.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "arch/sim/simulator.hpp"
#include "base/rng.hpp"
#include "workload/positions.hpp"
#include "workload/tensor.hpp"

namespace weft::testing {

// By the tensors' widths and densities; the same for the same seed.
[[nodiscard]] inline sim::Operands operands_of(const Problem& problem, std::uint64_t seed) {
  Rng rng(seed);
  return {random_tensor(problem.tensor(Role::kWeights), rng),
          random_tensor(problem.tensor(Role::kInputs), rng)};
}

[[nodiscard]] inline sim::Positions positions_of_both(const sim::Operands& operands) {
  return {positions_of(operands.weights), positions_of(operands.inputs)};
}

}  // namespace weft::testing
