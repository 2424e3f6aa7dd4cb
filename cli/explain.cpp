// weft estimate --explain: every energy and every area as count times price, with the price's source.
// SPDX-License-Identifier: Apache-2.0
#include "cli/explain.hpp"

#include <algorithm>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "base/table.hpp"
#include "base/units.hpp"
#include "energy_model/explain.hpp"

namespace weft::cli {
namespace {

struct Explained {
  std::string layer{};
  std::vector<EnergyPart> parts{};
  double total_pj = 0;
};

std::vector<Explained> explained_layers(const Setup& setup, const NetworkResult& result) {
  std::vector<Explained> layers;
  for (const LayerResult& from : result.layers) {
    const Layer& layer = setup.network.layers[static_cast<std::size_t>(from.layer)];
    Explained explained{.layer = layer.name};
    if (from.map) {
      explained.parts = explain(from.map->evaluation.counts, setup.accelerator, setup.table, *layer.problem,
                                from.map->evaluation.timing.cycles, setup.stated);
    }
    if (from.vector.energy_pj > 0) {
      explained.parts.push_back({.component = "vector unit",
                                 .action = "operations and their words",
                                 .count = 1,
                                 .each_pj = from.vector.energy_pj,
                                 .total_pj = from.vector.energy_pj,
                                 .source = setup.accelerator.vector_unit.energy
                                               ? "stated by the accelerator file"
                                               : "the table's vector_op and memories as above"});
    }
    for (const EnergyPart& part : explained.parts) {
      explained.total_pj += part.total_pj;
    }
    layers.push_back(std::move(explained));
  }
  return layers;
}

// Sources are long and few: each gets a number.
class Sources {
 public:
  std::string number_of(const std::string& source) {
    const auto found = std::find(texts_.begin(), texts_.end(), source);
    const auto at = static_cast<std::size_t>(found - texts_.begin());
    if (found == texts_.end()) {
      texts_.push_back(source);
    }
    return fmt::format("[{}]", at + 1);
  }
  [[nodiscard]] std::string text() const {
    std::string text;
    for (std::size_t i = 0; i < texts_.size(); ++i) {
      text += fmt::format("[{}] {}\n", i + 1, texts_[i]);
    }
    return text;
  }

 private:
  std::vector<std::string> texts_;
};

// What a part does, and what one of it and all of it come to.
Table table_of_parts(const char* what, const char* each, const char* total) {
  return Table({{"component", Align::kLeft},
                {what, Align::kLeft},
                {"count"},
                {each},
                {total},
                {"share"},
                {"source", Align::kLeft},
                {"range of the law", Align::kLeft}});
}

std::string area_text(const std::vector<AreaPart>& parts, Sources& sources) {
  double total = 0;
  for (const AreaPart& part : parts) {
    total += part.total_um2;
  }
  Table table = table_of_parts("what", "x um2", "= area");
  for (const AreaPart& part : parts) {
    table.add_row({part.component, part.what, significant(part.count), significant(part.each_um2),
                   human(SquareMicrons(part.total_um2)),
                   fmt::format("{:.1f} %", 100 * part.total_um2 / total), sources.number_of(part.source),
                   part.range});
  }
  return fmt::format("\narea of the machine: {}\n\n", human(SquareMicrons(total))) + table.text();
}

std::string as_text(const std::vector<Explained>& layers, const std::vector<AreaPart>& area) {
  Sources sources;
  std::string text;
  for (const Explained& layer : layers) {
    Table table = table_of_parts("action", "x pJ", "= energy");
    for (const EnergyPart& part : layer.parts) {
      table.add_row({part.component, part.action, grouped(static_cast<long long>(part.count)),
                     significant(part.each_pj), human(Picojoules(part.total_pj)),
                     fmt::format("{:.1f} %", layer.total_pj > 0 ? 100 * part.total_pj / layer.total_pj : 0),
                     sources.number_of(part.source), part.range});
    }
    text += fmt::format("\nenergy of {}, one copy: {}\n\n", layer.layer, human(Picojoules(layer.total_pj))) +
            table.text();
  }
  text += area_text(area, sources);
  return text +
         "\ncount: accesses of a whole word of the memory, words in networks, cycles of all instances "
         "for leakage.\n" +
         sources.text();
}

std::string as_csv(const std::vector<Explained>& layers) {
  Table table(
      {{"layer"}, {"component"}, {"action"}, {"count"}, {"each_pj"}, {"total_pj"}, {"source"}, {"range"}});
  for (const Explained& layer : layers) {
    for (const EnergyPart& part : layer.parts) {
      table.add_row({layer.layer, part.component, part.action, fmt::format("{}", part.count),
                     fmt::format("{}", part.each_pj), fmt::format("{}", part.total_pj), part.source,
                     part.range});
    }
  }
  return table.csv();
}

std::string as_json(const std::vector<Explained>& layers, const std::vector<AreaPart>& area) {
  nlohmann::ordered_json json = {{"schema", "weft.energy.1"}, {"layers", nlohmann::ordered_json::array()}};
  for (const Explained& layer : layers) {
    nlohmann::ordered_json parts = nlohmann::ordered_json::array();
    for (const EnergyPart& part : layer.parts) {
      parts.push_back({{"component", part.component},
                       {"action", part.action},
                       {"count", part.count},
                       {"each_pj", part.each_pj},
                       {"total_pj", part.total_pj},
                       {"source", part.source},
                       {"range", part.range}});
    }
    json["layers"].push_back({{"layer", layer.layer}, {"energy_pj", layer.total_pj}, {"parts", parts}});
  }
  json["area"] = nlohmann::ordered_json::array();
  for (const AreaPart& part : area) {
    json["area"].push_back({{"component", part.component},
                            {"what", part.what},
                            {"count", part.count},
                            {"each_um2", part.each_um2},
                            {"total_um2", part.total_um2},
                            {"source", part.source},
                            {"range", part.range}});
  }
  return json.dump(2) + "\n";
}

}  // namespace

std::string print_explained(const Setup& setup, const NetworkResult& result) {
  const std::vector<Explained> layers = explained_layers(setup, result);
  const std::vector<AreaPart> area = explain_area(setup.accelerator, setup.table);
  switch (setup.format) {
    case Format::kText:
      return as_text(layers, area);
    case Format::kJson:
      return as_json(layers, area);
    case Format::kCsv:
      return as_csv(layers);
  }
  return "";
}

}  // namespace weft::cli
