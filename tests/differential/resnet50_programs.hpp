// ResNet-50 on an accelerator, layer by layer, as programs of mappings that a small search finds.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "dataflow/lower.hpp"
#include "energy_model/energy.hpp"
#include "mapper/mapper.hpp"
#include "workload/import.hpp"
#include "workload/network.hpp"

namespace weft::testing {

// By layer: its name and its program.
[[nodiscard]] inline std::pair<std::vector<std::string>, std::vector<Program>> resnet50_programs(
    const Accelerator& accelerator, const LowerOptions& options = {}) {
  const Network network = load_network("resnet50");
  const EnergyTable table = EnergyTable::load("default_45nm");
  NetworkRequest request;
  request.network = &network;
  request.layer.accelerator = &accelerator;
  request.layer.table = &table;
  request.layer.max_evaluations = 200;
  std::pair<std::vector<std::string>, std::vector<Program>> result;
  for (const LayerResult& layer : map_network(request).layers) {
    if (layer.map) {
      const Layer& of = network.layers[static_cast<std::size_t>(layer.layer)];
      result.first.push_back(of.name);
      result.second.push_back(lower(*layer.map->mapping, *of.problem, accelerator, options));
    }
  }
  return result;
}

}  // namespace weft::testing
