// What happens before the first and after the last MAC: first tiles travel down, last outputs up.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>

#include "dataflow/flow_words.hpp"
#include "dataflow/mapping.hpp"
#include "dataflow/ports.hpp"

namespace weft {

struct RampTimes {
  double in = 0, out = 0;  // cycles
  PortTimes ports;         // the ramps' share of each port
  // Per storage level and role: cycles of the first load and the last store of that tile.
  Small<PerRole<double>, 6> load, store;
};

[[nodiscard]] RampTimes ramp_times(const Problem& problem, const Accelerator& accelerator,
                                   std::span<const FlowWords> flows, const MachineUse& use);

}  // namespace weft
