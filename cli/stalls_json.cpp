// See stalls_json.hpp.
// SPDX-License-Identifier: Apache-2.0
#include "cli/stalls_json.hpp"

#include <algorithm>

#include "cli/machine_json.hpp"
#include "cli/stalls.hpp"

namespace weft::cli {
namespace {

using Json = nlohmann::ordered_json;

Json level_json(int level, const Accelerator& accelerator) {
  const auto l = static_cast<std::size_t>(level);
  return level >= 0 && l < accelerator.levels.size() ? Json(accelerator.levels[l].name) : Json(nullptr);
}

Json reason_json(const sim::Reason& reason, std::int64_t cycles, const Accelerator& accelerator) {
  const bool tensor = reason.stall == sim::Reason::Stall::kWaiting ||
                      reason.stall == sim::Reason::Stall::kOperands ||
                      (reason.stall == sim::Reason::Stall::kRampIn && reason.level >= 0);
  return {{"words", in_words(reason, accelerator)},
          {"cycles", reason.cycles},
          {"share", reason.cycles / static_cast<double>(std::max<std::int64_t>(1, cycles))},
          {"part", name_of(reason.stall)},
          {"why", name_of(reason.why)},
          {"tensor", tensor ? Json(weft::name_of(reason.role)) : Json(nullptr)},
          {"direction", tensor ? Json(reason.store ? "store" : "load") : Json(nullptr)},
          {"level", level_json(reason.level, accelerator)},
          {"other_level", level_json(reason.other, accelerator)},
          {"port", reason.port.empty() ? Json(nullptr) : Json(reason.port)}};
}

Json parts_json(const sim::Stalls& stalls, double vector, double rounding, std::int64_t cycles,
                const Accelerator& accelerator) {
  Json json = {{"computing", stalls.computing}, {"ramp_in", stalls.ramp_in}};
  for (const Role role : kAllRoles) {
    json["waiting_for_" + std::string(weft::name_of(role))] =
        stalls.waiting_for[static_cast<std::size_t>(index_of(role))];
  }
  json["operand_bandwidth"] = stalls.operand_bandwidth;
  json["commands"] = stalls.commands;
  json["held_back"] = stalls.held_back;
  json["ramp_out"] = stalls.ramp_out;
  json["vector"] = vector;
  json["rounding"] = rounding;
  json["reasons"] = Json::array();
  for (const sim::Reason& reason : stalls.reasons) {
    json["reasons"].push_back(reason_json(reason, cycles, accelerator));
  }
  return json;
}

}  // namespace

Json stalls_json(const LayerReport& layer, const Accelerator& accelerator) {
  const SimulationReport& simulation = *layer.simulation;
  return parts_json(simulation.stalls, simulation.vector_cycles, simulation.rounding, layer.cycles,
                    accelerator);
}

namespace {

Json timeline_json(const Timeline& timeline) {
  Json json = {{"cycles", timeline.cycles}, {"bin_cycles", timeline.bin_cycles}};
  json["working"] = shares_json(timeline.working);
  json["waiting"] = Json::object();
  for (const auto& [what, bins] : timeline.waiting) {
    json["waiting"][what] = shares_json(bins);
  }
  json["ports"] = Json::object();
  for (const auto& [port, bins] : timeline.ports) {
    json["ports"][port] = shares_json(bins);
  }
  json["buffers"] = Json::array();
  for (const Timeline::Buffer& buffer : timeline.buffers) {
    json["buffers"].push_back(
        {{"name", buffer.name}, {"places", buffer.places}, {"taken", shares_json(buffer.taken)}});
  }
  return json;
}

}  // namespace

Json back_to_back_json(const BackToBack& run, const Setup& setup) {
  Json ends = Json::array();
  for (const auto& [name, end] : run.ends) {
    ends.push_back({{"name", name}, {"end", end}});
  }
  Json json = {{"cycles", run.cycles},
               {"sum_of_layers", run.sum_of_layers},
               {"latency_s", static_cast<double>(run.cycles) / setup.accelerator.clock.count()},
               {"without_early_tiles", run.without_early_tiles},
               {"stalls", parts_json(run.stalls, 0, run.rounding, run.cycles, setup.accelerator)},
               {"components", components_json(run.components)},
               {"layers", ends}};
  if (run.timeline) {
    json["timeline"] = timeline_json(*run.timeline);
  }
  return json;
}

Json components_json(const std::vector<sim::Component>& components) {
  Json list = Json::array();
  for (const sim::Component& component : components) {
    Json waits = Json::object();
    for (const auto& [what, cycles] : component.waits) {
      waits[what] = cycles;
    }
    list.push_back({{"name", component.name},
                    {"kind", name_of(component.kind)},
                    {"busy", component.busy},
                    {"waits", waits},
                    {"idle", component.idle}});
  }
  return list;
}

}  // namespace weft::cli
