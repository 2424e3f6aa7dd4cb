// Evaluated designs to JSON and back.
// SPDX-License-Identifier: Apache-2.0
#include "dse/journal_json.hpp"

#include <limits>

#include <nlohmann/json.hpp>

#include "base/whole_number.hpp"

namespace weft {

nlohmann::json points_json(const std::vector<StudyPoint>& points) {
  auto list = nlohmann::json::array();
  for (const StudyPoint& point : points) {
    list.push_back({{"genome", point.genome},
                    {"accuracy", point.accuracy},
                    {"cycles", point.cycles},
                    {"latency_s", point.latency_s},
                    {"energy_pj", point.energy_pj},
                    {"area_um2", point.area_um2},
                    {"complete", point.complete},
                    {"feasible", point.feasible}});
  }
  return list;
}

Genome genome_of(const nlohmann::json& json) {
  Genome genome;
  for (const auto& gene : json) {
    genome.push_back(static_cast<int>(whole_number(gene, 0, std::numeric_limits<int>::max())));
  }
  return genome;
}

std::vector<StudyPoint> points_of(const nlohmann::json& json) {
  std::vector<StudyPoint> points;
  for (const auto& item : json) {
    StudyPoint& point = points.emplace_back();
    point.genome = genome_of(item.at("genome"));
    item.at("accuracy").get_to(point.accuracy);
    point.cycles = whole_number(item.at("cycles"));
    item.at("latency_s").get_to(point.latency_s);
    item.at("energy_pj").get_to(point.energy_pj);
    item.at("area_um2").get_to(point.area_um2);
    item.at("complete").get_to(point.complete);
    item.at("feasible").get_to(point.feasible);
  }
  return points;
}

}  // namespace weft
