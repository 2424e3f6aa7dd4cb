// What computes and what is computed, for programs that draw: part of every JSON report of a run.
// SPDX-License-Identifier: Apache-2.0
#include "cli/machine_json.hpp"

#include <cmath>
#include <string>

namespace weft::cli {
namespace {

using Json = nlohmann::ordered_json;

template <class Q>
Json count_or_null(const std::optional<Q>& quantity) {
  return quantity ? Json(quantity->count()) : Json(nullptr);
}

Json memory_json(const Memory& memory) {
  Json json = {{"name", memory.name}, {"kind", std::string(name_of(memory.kind))}};
  json["capacity_bits"] = count_or_null(memory.capacity);
  json["width_bits"] = memory.width.count();
  json["read_bits_per_cycle"] = count_or_null(memory.read_bandwidth);
  json["write_bits_per_cycle"] = count_or_null(memory.write_bandwidth);
  json["shared_bits_per_cycle"] = count_or_null(memory.shared_bandwidth);
  for (const Role role : kAllRoles) {
    if (const auto& own = memory.ports[static_cast<std::size_t>(index_of(role))]) {
      json["ports"][std::string(name_of(role))] = {{"read_bits_per_cycle", count_or_null(own->read)},
                                                   {"write_bits_per_cycle", count_or_null(own->write)},
                                                   {"shared_bits_per_cycle", count_or_null(own->shared)}};
    }
  }
  json["buffering"] = std::string(name_of(memory.buffering));
  json["holds"] = Json::array();
  for (const Role role : kAllRoles) {
    if (memory.holds[static_cast<std::size_t>(index_of(role))]) {
      json["holds"].push_back(std::string(name_of(role)));
    }
  }
  return json;
}

Json fanout_json(const FanOut& fanout) {
  Json json = {{"x", fanout.x}, {"y", fanout.y}, {"network", Json::object()}};
  for (const Role role : kAllRoles) {
    json["network"][std::string(name_of(role))] =
        std::string(name_of(fanout.network[static_cast<std::size_t>(index_of(role))]));
  }
  return json;
}

}  // namespace

Json machine_json(const Accelerator& accelerator) {
  Json json = {{"name", accelerator.name}, {"levels", Json::array()}};
  for (int i = 0; i < accelerator.depth(); ++i) {
    const StorageLevel& level = accelerator.levels[static_cast<std::size_t>(i)];
    Json memories = Json::array();
    for (const Memory& memory : level.memories) {
      memories.push_back(memory_json(memory));
    }
    json["levels"].push_back({{"name", level.name},
                              {"instances", accelerator.instances(i)},
                              {"memories", memories},
                              {"fanout", fanout_json(level.fanout)}});
  }
  const Compute& compute = accelerator.compute;
  json["compute"] = {{"name", compute.name},
                     {"units", accelerator.compute_units()},
                     {"weight_bits", compute.weight_bits},
                     {"input_bits", compute.input_bits},
                     {"output_bits", compute.output_bits}};
  json["vector_lanes"] = accelerator.vector_unit.lanes;
  return json;
}

Json shares_json(const std::vector<double>& shares) {
  Json list = Json::array();
  for (const double share : shares) {
    list.push_back(std::round(share * 1e4) / 1e4);
  }
  return list;
}

Json problem_json(const Problem& problem) {
  Json json = {{"dims", Json::object()}, {"bits", Json::object()}};
  for (const Dim& dim : problem.dims) {
    json["dims"][dim.name] = dim.size;
  }
  for (const Role role : kAllRoles) {
    json["bits"][std::string(name_of(role))] = problem.tensor(role).bits;
  }
  return json;
}

}  // namespace weft::cli
