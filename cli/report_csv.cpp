// Reports for spreadsheets: one row per layer and one for the network, full precision.
// SPDX-License-Identifier: Apache-2.0
#include <cmath>
#include <limits>
#include <string>

#include <fmt/format.h>

#include "base/table.hpp"
#include "cli/report.hpp"

namespace weft::cli {

std::string print_csv(const Report& report) {
  Table table({{"layer"},        {"kind"},
               {"shape"},        {"repeat"},
               {"cycles"},       {"energy_pj"},
               {"macs"},         {"utilization"},
               {"edp_js"},       {"outer_words"},
               {"reread"},       {"bottleneck"},
               {"bound_cost"},   {"gap"},
               {"mapping"},      {"array_cost"},
               {"array_bound"},  {"array_gap"},
               {"evaluated"},    {"nodes"},
               {"cut_by_bound"}, {"cut_by_capacity"},
               {"leaves"},       {"space"}});
  const auto add = [&table](const LayerReport& layer) {
    const auto exact = [](double value) {
      return std::isnan(value) ? std::string() : fmt::format("{}", value);
    };
    constexpr double kNone = std::numeric_limits<double>::quiet_NaN();
    const Proof proof = layer.proof.value_or(Proof{kNone, kNone, kNone});
    table.add_row({layer.name,
                   layer.kind,
                   layer.shape,
                   std::to_string(layer.repeat),
                   std::to_string(layer.cycles),
                   exact(layer.energy_pj),
                   std::to_string(layer.macs),
                   exact(layer.utilization),
                   exact(layer.edp_js),
                   std::to_string(layer.outer_words),
                   exact(layer.reread),
                   layer.timing.bottleneck,
                   exact(layer.bound_cost),
                   exact(layer.gap),
                   layer.mapping_line,
                   exact(proof.cost),
                   exact(proof.lower_bound),
                   exact(proof.gap),
                   std::to_string(layer.evaluated),
                   std::to_string(proof.certificate.nodes),
                   std::to_string(proof.certificate.cut_by_bound),
                   std::to_string(proof.certificate.cut_by_capacity),
                   std::to_string(proof.certificate.leaves),
                   proof.certificate.space});
  };
  for (const LayerReport& layer : report.layers) {
    add(layer);
  }
  add(report.total);
  return table.csv();
}

}  // namespace weft::cli
