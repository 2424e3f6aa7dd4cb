// Reports for programs: schema "weft/1", full precision, keys in a fixed order.
// SPDX-License-Identifier: Apache-2.0
#include <cmath>

#include "cli/json_head.hpp"
#include "cli/machine_json.hpp"
#include "cli/report.hpp"
#include "cli/stalls_json.hpp"
#include "cli/version.hpp"

namespace weft::cli {
namespace {

using Json = nlohmann::ordered_json;

Json number_or_null(double value) {
  return std::isfinite(value) ? Json(value) : Json(nullptr);
}

Json levels_json(const std::vector<LevelReport>& levels) {
  Json list = Json::array();
  for (const LevelReport& level : levels) {
    Json tensors = Json::object();
    for (const Role role : kAllRoles) {
      const auto i = static_cast<std::size_t>(index_of(role));
      if (level.keeps[i]) {
        const TensorCounts& counts = level.tensors[i];
        tensors[std::string(name_of(role))] = {{"fills", counts.fills},
                                               {"reads", counts.reads},
                                               {"updates", counts.updates},
                                               {"drains", counts.drains}};
        if (level.shares[i] != Shares{}) {
          tensors[std::string(name_of(role))]["stored_share"] = level.shares[i].stored;
          tensors[std::string(name_of(role))]["access_share"] = level.shares[i].accesses;
          tensors[std::string(name_of(role))]["sent_share"] = level.shares[i].sent;
          tensors[std::string(name_of(role))]["arriving_share"] = level.shares[i].arriving;
        }
      }
    }
    list.push_back({{"name", level.name},
                    {"tensors", tensors},
                    {"energy_pj", level.energy_pj},
                    {"busy_cycles", level.busy_cycles}});
  }
  return list;
}

Json simulation_json(const SimulationReport& simulation) {
  Json json = {{"model_cycles", simulation.model_cycles}, {"counts_equal", simulation.counts_equal}};
  json["outputs_equal"] = simulation.outputs_equal ? Json(*simulation.outputs_equal) : Json(nullptr);
  json["steps"] = simulation.steps;
  json["coarsened"] = simulation.coarsened;
  json["components"] = components_json(simulation.components);
  json["simulated_as"] = simulation.same_as.empty() ? Json(nullptr) : Json(simulation.same_as);
  return json;
}

Json proof_json(const Proof& proof) {
  const Certificate& certificate = proof.certificate;
  return {{"space", certificate.space.empty() ? "all mappings" : certificate.space},
          {"outside", certificate.outside},
          {"cost", proof.cost},
          {"lower_bound", proof.lower_bound},
          {"gap", proof.gap},
          {"nodes", certificate.nodes},
          {"cut_by_bound", certificate.cut_by_bound},
          {"cut_by_capacity", certificate.cut_by_capacity},
          {"leaves", certificate.leaves}};
}

Json effort_json(const Effort& effort) {
  if (effort.space.empty()) {
    return nullptr;
  }
  return {{"space", effort.space},     {"layers", effort.layers},     {"proven", effort.proven},
          {"outside", effort.outside}, {"searched", effort.searched}, {"nodes", effort.nodes},
          {"priced", effort.priced}};
}

// The fields that a layer and the network share.
Json result_json(const LayerReport& layer, const Setup& setup, double area_um2) {
  Json json = {{"name", layer.name},
               {"kind", layer.kind},
               {"shape", layer.shape},
               {"repeat", layer.repeat},
               {"cycles", layer.cycles},
               {"energy_pj", layer.energy_pj},
               {"area_um2", area_um2},
               {"macs", layer.macs},
               {"utilization", layer.utilization},
               {"edp_js", layer.edp_js},
               {"bound", {{"cost", layer.bound_cost}, {"gap", layer.gap}}},
               {"certificate", layer.proof ? proof_json(*layer.proof) : Json(nullptr)},
               {"levels", levels_json(layer.levels)},
               {"compute",
                {{"macs_pj", layer.compute.macs_pj},
                 {"leak_pj", layer.compute.leak_pj},
                 {"vector_pj", layer.compute.vector_pj}}},
               {"outer_words", layer.outer_words}};
  if (layer.gated != 0 || layer.skipped != 0) {
    json["gated_macs"] = layer.gated;
    json["skipped_macs"] = layer.skipped;
    json["imbalance"] = layer.imbalance ? Json(*layer.imbalance) : Json(nullptr);
  }
  json["reread"] = number_or_null(layer.reread);
  json["evaluated"] = layer.evaluated;
  json["rejected"] = Json::array();
  for (const RejectionRow& row : layer.rejected) {
    json["rejected"].push_back({{"reason", row.reason}, {"count", row.count}, {"example", row.example}});
  }
  json["stalls"] = layer.simulation ? stalls_json(layer, setup.accelerator) : Json(nullptr);
  json["simulation"] = layer.simulation ? simulation_json(*layer.simulation) : Json(nullptr);
  json["mapping"] = layer.mapping_yaml.empty() ? Json(nullptr) : Json(layer.mapping_yaml);
  return json;
}

Json activity_json(const Activity& array) {
  return {{"x", array.x},
          {"y", array.y},
          {"cells_x", array.cells_x},
          {"cells_y", array.cells_y},
          {"share", shares_json(array.share)}};
}

Json layer_json(const LayerReport& layer, const Layer& source, const Setup& setup, double area_um2) {
  Json json = result_json(layer, setup, area_um2);
  json["problem"] = source.problem ? problem_json(*source.problem) : Json(nullptr);
  json["loop_nest"] = layer.loop_nest.empty() ? Json(nullptr) : Json(layer.loop_nest);
  json["array"] = layer.activity ? activity_json(*layer.activity) : Json(nullptr);
  json["timing"] = {{"compute_cycles", layer.timing.compute_cycles},
                    {"ramp_in", layer.timing.ramp_in},
                    {"ramp_out", layer.timing.ramp_out},
                    {"bottleneck", layer.timing.bottleneck}};
  return json;
}

Json source_json(const Source& source) {
  return {{"name", source.name}, {"hash", source.hash.empty() ? Json(nullptr) : Json(source.hash)}};
}

Json run_json(const Report& report, const Setup& setup) {
  const RunArguments& run = setup.arguments;
  return {{"verb", name_of(report.verb)},
          {"arch", source_json(setup.arch_source)},
          {"network", source_json(setup.network_source)},
          {"batch", run.batch},
          {"layer", run.layer.empty() ? Json(nullptr) : Json(run.layer)},
          {"objective", run.objective},
          {"constraints", run.constraints.empty() ? Json(nullptr) : Json(run.constraints)},
          {"search", setup.mappings.empty() ? Json(run.search) : Json(nullptr)},
          {"start", run.start.empty() ? Json(nullptr) : Json(run.start)},
          {"mapping", run.mapping.empty() ? Json(nullptr) : Json(run.mapping)},
          {"seed", run.seed},
          {"budget", run.budget},
          {"max_nodes", setup.request().max_nodes},
          {"convention", run.convention},
          {"energy_table", setup.table.name()},
          {"clock_hz", setup.accelerator.clock.count()},
          {"technology_nm", setup.accelerator.technology.count()},
          {"voltage_v", setup.accelerator.voltage.count()},
          {"compute_units", setup.accelerator.compute_units()}};
}

}  // namespace

Json json_head(const Report& report, const Setup& setup) {
  Json json = {{"schema", "weft/1"}, {"version", version()}, {"revision", revision()}};
  json["run"] = run_json(report, setup);
  json["unknown_operators"] = Json::array();
  for (const UnknownOperator& unknown : setup.network.unknown) {
    json["unknown_operators"].push_back({{"op_type", unknown.op_type}, {"node", unknown.node}});
  }
  json["warnings"] = report.warnings;
  return json;
}

std::string print_json(const Report& report, const Setup& setup) {
  Json json = json_head(report, setup);
  json["accelerator"] = machine_json(setup.accelerator);
  json["layers"] = Json::array();
  for (std::size_t i = 0; i < report.layers.size(); ++i) {
    json["layers"].push_back(layer_json(report.layers[i], setup.network.layers[i], setup, report.area_um2));
  }
  json["network"] = result_json(report.total, setup, report.area_um2);
  json["network"]["certificate"] = effort_json(report.effort);
  json["network"]["back_to_back"] =
      report.back_to_back ? back_to_back_json(*report.back_to_back, setup) : Json(nullptr);
  json["network"]["latency_s"] = report.latency_s;
  json["network"]["power_w"] = number_or_null(report.power_w);
  json["network"]["inferences_per_s"] = number_or_null(report.inferences_per_s);
  Json area = Json::object();
  for (const auto& [name, um2] : report.area) {
    area[name] = um2;
  }
  json["area_um2"] = area;
  return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace weft::cli
