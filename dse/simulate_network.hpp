// A whole network on the simulated machine, its layers back to back (docs/design.md, section 4.9).
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "arch/sim/simulator.hpp"
#include "dataflow/lower.hpp"
#include "dataflow/mapping.hpp"
#include "workload/network.hpp"

namespace weft {

// A layer to run: what simulating it alone has shown.
struct Stage {
  int layer = 0;                     // index into Network::layers
  std::int64_t repeat = 1;           // copies, one after the other
  const Mapping* mapping = nullptr;  // null: vector work only
  std::int64_t fused_cycles = 0, standalone_cycles = 0;
  std::int64_t alone_cycles = 0;  // of one copy: the longer of array and fused work, then standalone work
};

struct NetworkRun {
  sim::Result result;
  std::int64_t sum_of_layers = 0;   // alone_cycles of all copies
  std::vector<std::string> pieces;  // names of the copies: "conv1", "conv2 #3"
  // Early tiles made it longer than the sum, so it ran without any.
  bool without_early_tiles = false;
};

// Timing only. `stages` in order of the network's layers, each at most once. Takes at most `sum_of_layers`
// cycles. Layers that read a layer left out do not wait for it.
[[nodiscard]] NetworkRun simulate_network(sim::Simulator& simulator, const Network& network,
                                          const std::vector<Stage>& stages, const Accelerator& accelerator,
                                          const LowerOptions& lowering,
                                          const std::optional<sim::TraceRequest>& trace = {});

}  // namespace weft
