// Bounds for people and spreadsheets.
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "base/table.hpp"
#include "cli/bounds.hpp"
#include "cli/human_bytes.hpp"

namespace weft::cli {
namespace {

std::string cycles_of(double cycles) {
  return grouped(static_cast<long long>(std::ceil(cycles * (1 - 1e-9))));
}

// "weights 63 %": where most of the bound's energy goes.
std::string largest(const std::vector<std::pair<std::string, double>>& parts, double all) {
  const auto most = std::max_element(parts.begin(), parts.end(),
                                     [](const auto& a, const auto& b) { return a.second < b.second; });
  return most == parts.end() || all <= 0
             ? "none"
             : fmt::format("{} {} %", most->first, significant(100 * most->second / all, 3));
}

// "compute 81 %, DRAM shared 19 %".
std::string shares(const BoundReport& report) {
  std::string text;
  for (const auto& [name, cycles] : report.binds) {
    const double share = 100 * cycles / static_cast<double>(report.base.total.cycles);
    text += fmt::format("{}{} {} %", text.empty() ? "" : ", ", name, significant(share, 3));
  }
  return text;
}

std::string explanation(const BoundReport& report, const std::string& outer) {
  std::string text = fmt::format(
      "\nbounds of one copy of each layer; nothing was searched, and no mapping costs less in this model. "
      "compute: "
      "MACs / units\nthat the layer can fill. {} words, bytes, cycles: every word that is touched moves "
      "once, on "
      "the level's ports. cycles:\nthe slowest of compute and ports, with vector work. binds: what sets the "
      "cycles. mostly: the largest part of the energy.\n",
      outer);
  text += fmt::format(
      "buffered: least words with all memory on the chip ({}) as one buffer, and x of those above; for even "
      "mappings that\nbypass nothing, so it is no part of the bound. weft map --ski-slope shows every "
      "size.\n",
      human_room(report.buffer_bits));
  return report.refused.empty() ? text : text + "no figure for some: " + report.refused + ".\n";
}

}  // namespace

std::string print_text(const BoundReport& report, const Setup& setup) {
  const std::string& outer = setup.accelerator.levels.front().name;
  Table table({{"layer", Align::kLeft},
               {"shape", Align::kLeft},
               {"compute"},
               {outer + " words"},
               {outer + " bytes"},
               {outer + " cycles"},
               {"buffered"},
               {"x"},
               {"cycles"},
               {"binds", Align::kLeft},
               {"energy"},
               {"mostly", Align::kLeft},
               {fmt::format("{} ({})", name_of(setup.objective), unit_of(setup.objective))}});
  const auto add = [&](const LayerReport& layer, const BoundDetail& detail, const std::string& binds) {
    const auto over = [&](const OuterTraffic& traffic) {
      return significant(static_cast<double>(traffic.words) / static_cast<double>(detail.compulsory.words),
                         3);
    };
    const std::string name = layer.repeat == 1 ? layer.name : fmt::format("{} x{}", layer.name, layer.repeat);
    table.add_row({name, layer.shape, cycles_of(detail.compute_cycles), grouped(detail.compulsory.words),
                   human_bytes(detail.compulsory.bits), cycles_of(detail.compulsory.cycles),
                   detail.buffered ? grouped(detail.buffered->words) : "–",
                   detail.buffered ? over(*detail.buffered) : "–", grouped(layer.cycles), binds,
                   human(Picojoules(layer.energy_pj)), largest(detail.energy_pj, layer.energy_pj),
                   significant(layer.bound_cost)});
  };
  for (std::size_t i = 0; i < report.details.size(); ++i) {
    add(report.base.layers[i], report.details[i], report.details[i].binds);
  }
  if (report.details.size() > 1 || report.base.layers.front().repeat > 1) {
    add(report.base.total, report.total, "");
  }
  return text_header(report.base, setup) + table.text() + "\ncycles by what binds: " + shares(report) + "\n" +
         explanation(report, outer);
}

std::string print_csv(const BoundReport& report) {
  Table table({{"layer"},
               {"kind"},
               {"shape"},
               {"repeat"},
               {"compute_cycles"},
               {"outer_words"},
               {"outer_bits"},
               {"outer_cycles"},
               {"buffered_words"},
               {"buffered_bits"},
               {"buffered_cycles"},
               {"cycles"},
               {"binds"},
               {"energy_pj"},
               {"bound_cost"}});
  const auto add = [&table](const LayerReport& layer, const BoundDetail& detail) {
    const auto& buffered = detail.buffered;
    table.add_row({layer.name, layer.kind, layer.shape, std::to_string(layer.repeat),
                   fmt::format("{}", detail.compute_cycles), std::to_string(detail.compulsory.words),
                   std::to_string(detail.compulsory.bits), fmt::format("{}", detail.compulsory.cycles),
                   buffered ? std::to_string(buffered->words) : "",
                   buffered ? std::to_string(buffered->bits) : "",
                   buffered ? fmt::format("{}", buffered->cycles) : "", std::to_string(layer.cycles),
                   detail.binds, fmt::format("{}", layer.energy_pj), fmt::format("{}", layer.bound_cost)});
  };
  for (std::size_t i = 0; i < report.details.size(); ++i) {
    add(report.base.layers[i], report.details[i]);
  }
  add(report.base.total, report.total);
  return table.csv();
}

}  // namespace weft::cli
