// Fronts as text, CSV and JSON.
// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "base/error.hpp"
#include "base/table.hpp"
#include "base/units.hpp"
#include "cli/front.hpp"
#include "cli/json_head.hpp"

namespace weft::cli {

namespace {

using Json = nlohmann::ordered_json;

double edp_of(const MapResult& point, const Setup& setup) {
  return objective_value(Objective::kEdp, point.energy.total, point.evaluation.timing.cycles,
                         setup.accelerator.clock);
}

double utilization_of(const MapResult& point) {
  return point.evaluation.utilization;
}

std::string title(const LayerFront& layer) {
  const std::size_t others = layer.names.size() - 1;
  const std::string like = others > 0 ? fmt::format(" and {} of the same shape", others) : "";
  return fmt::format("{}{}: {}\n", layer.names.front(), like, shape_of(*layer.problem));
}

std::string verdict(const LayerFront& layer) {
  const Certificate& certificate = layer.front.certificate;
  if (certificate.space.empty()) {
    return "not covered by the exact search: one mapping found, no front\n";
  }
  return fmt::format("{}; {} partial mappings looked at\n",
                     layer.front.proven ? "proven: no even mapping is missing here"
                                        : "stopped by --max-nodes: better mappings may be missing",
                     grouped(certificate.nodes));
}

std::string text_of(const FrontReport& report, const Setup& setup) {
  std::string text = text_header(report.base, setup);
  for (const LayerFront& layer : report.layers) {
    Table table({{"cycles"}, {"energy"}, {"EDP (J s)"}, {"utilisation"}, {"mapping", Align::kLeft}});
    for (const MapResult& point : layer.front.points) {
      table.add_row({grouped(point.evaluation.timing.cycles), human(Picojoules(point.energy.total)),
                     significant(edp_of(point, setup)), percent(utilization_of(point)),
                     one_line(*point.mapping, *layer.problem, setup.accelerator)});
    }
    text += title(layer) + table.text() + verdict(layer) + "\n";
  }
  return text +
         "each row: no other mapping has both less energy and fewer cycles. Figures of one copy, the array's "
         "work alone:\nvector work comes on top.\n";
}

std::string csv_of(const FrontReport& report, const Setup& setup) {
  Table table({{"layer"},
               {"shape"},
               {"cycles"},
               {"energy_pj"},
               {"edp_js"},
               {"utilization"},
               {"proven"},
               {"mapping"}});
  for (const LayerFront& layer : report.layers) {
    for (const MapResult& point : layer.front.points) {
      table.add_row({layer.names.front(), shape_of(*layer.problem),
                     std::to_string(point.evaluation.timing.cycles), fmt::format("{}", point.energy.total),
                     fmt::format("{}", edp_of(point, setup)), fmt::format("{}", utilization_of(point)),
                     layer.front.proven ? "yes" : "no",
                     one_line(*point.mapping, *layer.problem, setup.accelerator)});
    }
  }
  return table.csv();
}

Json layer_json(const LayerFront& layer, const Setup& setup) {
  const Certificate& certificate = layer.front.certificate;
  Json json = {{"layers", layer.names}, {"shape", shape_of(*layer.problem)}, {"proven", layer.front.proven}};
  json["certificate"] = certificate.space.empty() ? Json(nullptr)
                                                  : Json({{"space", certificate.space},
                                                          {"nodes", certificate.nodes},
                                                          {"cut_by_bound", certificate.cut_by_bound},
                                                          {"cut_by_capacity", certificate.cut_by_capacity},
                                                          {"leaves", certificate.leaves}});
  json["points"] = Json::array();
  for (const MapResult& point : layer.front.points) {
    json["points"].push_back({{"cycles", point.evaluation.timing.cycles},
                              {"energy_pj", point.energy.total},
                              {"edp_js", edp_of(point, setup)},
                              {"utilization", utilization_of(point)},
                              {"mapping", print_yaml(*point.mapping, *layer.problem, setup.accelerator)}});
  }
  return json;
}

std::string json_of(const FrontReport& report, const Setup& setup) {
  Json json = json_head(report.base, setup);
  json["fronts"] = Json::array();
  for (const LayerFront& layer : report.layers) {
    json["fronts"].push_back(layer_json(layer, setup));
  }
  return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace

std::string print(const FrontReport& report, const Setup& setup) {
  switch (setup.format) {
    case Format::kText:
      return text_of(report, setup);
    case Format::kJson:
      return json_of(report, setup);
    case Format::kCsv:
      return csv_of(report, setup);
  }
  WEFT_ENSURE(false, "not a format");
}

}  // namespace weft::cli
