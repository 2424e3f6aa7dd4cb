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
  std::vector<std::string> pieces;  // names of the copies: "conv1", "conv2 #3"
};

struct NetworkRunOptions {
  LowerOptions lower{};
  std::uint64_t seed = 1;  // of the operands, whose non-zeros are where they are for each layer alone
  // May a layer's first tiles come before the layer in front is over? Where that makes a run longer than the
  // sum of its layers (sum_of_layers), a machine would do without, and then it takes at most the sum.
  bool early_tiles = true;
  std::optional<sim::TraceRequest> trace{};
};

// alone_cycles of all copies.
[[nodiscard]] std::int64_t sum_of_layers(const std::vector<Stage>& stages);

// Timing only. `stages` in order of the network's layers, each at most once; their alone_cycles are not
// looked at. Layers that read a layer left out do not wait for it.
[[nodiscard]] NetworkRun simulate_network(sim::Simulator& simulator, const Network& network,
                                          const std::vector<Stage>& stages, const Accelerator& accelerator,
                                          const NetworkRunOptions& options);

}  // namespace weft
