// Turns a mapping into the command stream the simulator executes.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "arch/program.hpp"
#include "dataflow/mapping.hpp"

namespace weft {

struct LowerOptions {
  // Inner tile loops are merged until a layer has at most this many steps.
  std::int64_t max_steps = 16384;
  bool rows = false;  // also what single rows of the array do (Program::rows)
};

// Precondition: the mapping is legal. Throws OverflowError.
[[nodiscard]] Program lower(const Mapping& mapping, const Problem& problem, const Accelerator& accelerator,
                            const LowerOptions& options = {});

}  // namespace weft
