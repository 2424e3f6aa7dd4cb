// Studies for programs: schema "weft/1".
// SPDX-License-Identifier: Apache-2.0
#include <nlohmann/json.hpp>

#include "cli/explore_answers.hpp"
#include "cli/explore_report.hpp"
#include "cli/version.hpp"

namespace weft::cli {
namespace {

using Json = nlohmann::ordered_json;

Json point_json(const DesignSpace& space, const StudyPoint& point) {
  Json json = {{"id", point.id},
               {"accuracy", point.accuracy},
               {"cycles", point.cycles},
               {"latency_s", point.latency_s},
               {"energy_pj", point.energy_pj},
               {"area_um2", point.area_um2},
               {"network", network_label(space, point)}};
  json["knobs"] = Json::object();
  for (std::size_t knob = 0; knob < space.knobs.size(); ++knob) {
    json["knobs"][space.knobs[knob].name] = knob_label(space, point, knob);
  }
  return json;
}

Json simulated_json(const StudyResult& result) {
  Json layers = Json::array();
  for (const auto& layer : result.simulated) {
    layers.push_back({{"name", layer.name},
                      {"count", layer.count},
                      {"model_cycles", layer.model_cycles},
                      {"simulated_cycles", layer.simulated_cycles},
                      {"outputs_equal", layer.values_match}});
  }
  return {{"layers", layers},
          {"model_cycles", result.model_cycles},
          {"simulated_cycles", result.simulated_cycles}};
}

}  // namespace

std::string print_study_json(const StudyResult& result, const ExploreArguments& arguments) {
  const DesignSpace& space = result.space;
  Json json = {{"schema", "weft/1"}, {"version", version()}, {"revision", revision()}};
  json["run"] = {{"verb", "explore"},  {"space", arguments.space}, {"hash", hash_of(print_yaml(space))},
                 {"seed", space.seed}, {"designs", space.size()},  {"energy_table", space.energy_table}};
  json["evaluated"] = result.evaluations;
  json["rejected"] = result.rejected;
  json["front"] = Json::array();
  for (const std::size_t i : result.front) {
    json["front"].push_back(point_json(space, result.points[i]));
  }
  json["chosen"] = result.knee ? Json(result.points[*result.knee].id) : Json(nullptr);
  json["reference"] = result.reference;
  json["hypervolume"] = result.trace.empty() ? Json(nullptr) : Json(result.trace.back().hypervolume);
  if (result.proof) {
    const FrontProof& proof = *result.proof;
    json["proof"] = {{"designs", proof.designs},     {"evaluated", proof.evaluated},
                     {"dominated", proof.dominated}, {"infeasible", proof.infeasible},
                     {"open", proof.open},           {"layers_mapped", proof.layers_mapped},
                     {"layers", proof.layers},       {"best_open", proof.best_open}};
  }
  add_answers(json, result, arguments);
  json["simulated"] = simulated_json(result);
  return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace weft::cli
