// Compression for programs: schema "weft/1".
// SPDX-License-Identifier: Apache-2.0
#include <nlohmann/json.hpp>

#include "cli/compress_report.hpp"
#include "cli/version.hpp"

namespace weft::cli {
namespace {

using Json = nlohmann::ordered_json;

Json figures_json(const NetworkFigures& figures) {
  Json json = {{"macs", figures.macs},
               {"effectual_macs", figures.effectual_macs},
               {"parameters", figures.parameters},
               {"nonzero_weights", figures.nonzero_weights},
               {"dense_bytes", figures.dense_bytes},
               {"bytes", figures.bytes}};
  if (figures.cycles) {
    json["cycles"] = *figures.cycles;
    json["latency_s"] = figures.latency_s;
    json["energy_pj"] = figures.energy_pj;
  }
  return json;
}

}  // namespace

std::string print_compress_json(const CompressReport& report, const CompressArguments& arguments) {
  Json json = {{"schema", "weft/1"}, {"version", version()}, {"revision", revision()}};
  json["run"] = {{"verb", "compress"},
                 {"network", arguments.network},
                 {"arch", arguments.arch},
                 {"layers_with_weights", report.layers},
                 {"words_known", report.known}};
  json["steps"] = Json::array();
  for (const Compressed& step : report.steps) {
    json["steps"].push_back({{"layer", step.layer},
                             {"step", step.step},
                             {"what", step.what},
                             {"weights_before", step.words_before},
                             {"weights_after", step.words_after},
                             {"error", step.error ? Json(*step.error) : Json(nullptr)}});
  }
  json["before"] = figures_json(report.before);
  json["after"] = figures_json(report.after);
  json["file"] = report.file;
  return json.dump(2) + "\n";
}

}  // namespace weft::cli
