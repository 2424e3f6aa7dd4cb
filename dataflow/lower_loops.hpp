// Which loops of a mapping a program's steps fix.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "arch/spec/timing.hpp"
#include "dataflow/mapping.hpp"
#include "dataflow/nest.hpp"

namespace weft {

// The temporal loops whose combinations are the steps.
struct StepLoops {
  std::vector<NestLoop> loops;
  std::size_t next = 0;  // first loop of the nest after them
  bool coarsened = false;
};

// All loops outside the innermost tiles, but at most so many that there are `max_steps` steps. An array that
// works by commands sees one step as long as no tile changes: loops at the inner end that none mentions are
// left out.
[[nodiscard]] StepLoops step_loops(const Nest& nest, const Mapping& mapping, const Problem& problem,
                                   const Controller& controller, std::int64_t max_steps);

// The dim along which commands run, or -1.
[[nodiscard]] int command_dim(const Controller& controller, const Problem& problem);

}  // namespace weft
