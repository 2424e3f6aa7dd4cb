// Lowers and simulates the layers of a mapped network.
// SPDX-License-Identifier: Apache-2.0
#include "dse/simulate_chosen.hpp"

#include "arch/sim/simulator.hpp"
#include "dse/simulate_layer.hpp"

namespace weft {

namespace {

// Layers with equal problems, as one: index of the first and how many there are.
struct Group {
  std::size_t layer = 0;
  std::int64_t count = 0;
};

std::vector<Group> groups_of(const Network& network, const NetworkResult& mapped) {
  std::vector<Group> groups;
  for (std::size_t i = 0; i < network.layers.size(); ++i) {
    if (!mapped.layers[i].map || !mapped.layers[i].map->mapping) {
      continue;
    }
    Group* same = nullptr;
    for (Group& group : groups) {
      if (same_shape(*network.layers[group.layer].problem, *network.layers[i].problem)) {
        same = &group;
        break;
      }
    }
    if (same == nullptr) {
      groups.push_back({i, 0});
      same = &groups.back();
    }
    same->count += network.layers[i].repeat;
  }
  return groups;
}

SimulatedLayer simulate(sim::Simulator& simulator, const Layer& layer, const MapResult& mapped,
                        const Accelerator& accelerator, std::uint64_t seed,
                        SimulateLayerOptions::Values values) {
  SimulateLayerOptions options;
  options.values = values;
  options.seed = seed;
  const LayerMeasurement measured =
      simulate_layer(simulator, *layer.problem, *mapped.mapping, accelerator, options);
  SimulatedLayer simulated;
  simulated.name = layer.name;
  simulated.model_cycles = mapped.evaluation.timing.cycles;
  simulated.simulated_cycles = measured.cycles;
  simulated.counts_match = same_words(measured.counts, mapped.evaluation.counts);
  simulated.values_match = measured.outputs_equal.value_or(false);
  return simulated;
}

}  // namespace

std::vector<SimulatedLayer> simulate_layers(
    const Network& network, const NetworkResult& mapped, const Accelerator& accelerator, std::uint64_t seed,
    SimulateLayerOptions::Values values,
    const std::function<void(int done, int total, const std::string& name)>& progress) {
  sim::Simulator simulator(accelerator);
  const std::vector<Group> groups = groups_of(network, mapped);
  std::vector<SimulatedLayer> layers;
  for (const Group& group : groups) {
    const Layer& layer = network.layers[group.layer];
    layers.push_back(simulate(simulator, layer, *mapped.layers[group.layer].map, accelerator, seed, values));
    layers.back().count = group.count;
    if (progress) {
      progress(static_cast<int>(layers.size()), static_cast<int>(groups.size()), layer.name);
    }
  }
  return layers;
}

}  // namespace weft
