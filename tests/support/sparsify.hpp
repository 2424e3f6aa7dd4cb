// Random densities for a problem, random formats and actions for a machine.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "arch/spec/accelerator.hpp"
#include "base/rng.hpp"
#include "workload/problem.hpp"

namespace weft::testing {

// Uniform densities of both operands, from one word in ten to all.
void sparsify(Rng& rng, Problem& problem);
// Formats in about half of the memories; gating, skipping, both or neither.
void sparsify(Rng& rng, Accelerator& accelerator);

}  // namespace weft::testing
