// Studies for people and spreadsheets.
// SPDX-License-Identifier: Apache-2.0
#include "cli/explore_report.hpp"

#include <fmt/format.h>

#include "base/table.hpp"
#include "cli/explore_answers.hpp"
#include "cli/version.hpp"

namespace weft::cli {
namespace {

std::string amount(double part, double whole) {
  return fmt::format("{} ({} %)", grouped(static_cast<std::int64_t>(part)),
                     significant(whole > 0 ? 100 * part / whole : 0));
}

std::string header(const StudyResult& result, const ExploreArguments& arguments) {
  const DesignSpace& space = result.space;
  std::string text = fmt::format("{}: explore, seed {}\n", version_line(), space.seed);
  text += fmt::format("space        {} ({}): {} designs in all\n", arguments.space,
                      hash_of(print_yaml(space)), significant(space.size()));
  text += fmt::format("network      {}, {} members\n",
                      space.source.file.empty() ? space.source.family : space.source.file,
                      significant(space.network->size()));
  text += fmt::format("accuracy     {}\n", space.accuracy != nullptr ? space.accuracy->what() : "not known");
  text +=
      fmt::format("search       {}, {} {} evaluated; {} more refused by constraints that need no mapping\n",
                  search_kind_names()[static_cast<std::size_t>(space.search)], grouped(result.evaluations),
                  space.search == SearchKind::kNested ? "accelerators" : "designs", grouped(result.rejected));
  text += fmt::format(
      "mappings     search {}, objective {}, at most {} evaluations per layer; energy table {}\n",
      space.mapper, name_of(space.mapper_objective), space.mapper_evaluations, space.energy_table);
  if (!result.trace.empty()) {
    text += fmt::format("hypervolume  {} of the box between 0 (accuracy 100 %) and",
                        significant(result.trace.back().hypervolume));
    for (std::size_t i = 0; i < result.reference.size(); ++i) {
      text += fmt::format("{} {}", i > 0 ? "," : "", shown(space.objectives[i], result.reference[i]));
    }
    text += "\n";
  }
  return text + "\n";
}

constexpr std::size_t kRows = 60;  // of a front on a terminal

Table front_table(const StudyResult& result, Format format) {
  std::vector<Table::Column> columns = {{"design"},    {"accuracy %"}, {"latency ms"},
                                        {"energy mJ"}, {"area mm2"},   {"network", Align::kLeft}};
  for (const Knob& knob : result.space.knobs) {
    columns.push_back({knob.name, Align::kLeft});
  }
  Table table(std::move(columns));
  const auto number = [format](double value) {
    return format == Format::kCsv ? fmt::format("{}", value) : significant(value);
  };
  std::size_t shown_rows = 0;
  for (const std::size_t i : result.front) {
    if (format == Format::kText && ++shown_rows > kRows && result.knee != i) {
      continue;
    }
    const StudyPoint& point = result.points[i];
    const bool knee = result.knee == i && format == Format::kText;
    std::vector<std::string> cells = {fmt::format("{}{}", knee ? "* " : "", point.id),
                                      number(point.accuracy),
                                      number(1e3 * point.latency_s),
                                      number(1e-9 * point.energy_pj),
                                      number(1e-6 * point.area_um2),
                                      network_label(result.space, point)};
    for (std::size_t knob = 0; knob < result.space.knobs.size(); ++knob) {
      cells.push_back(knob_label(result.space, point, knob));
    }
    table.add_row(std::move(cells));
  }
  return table;
}

std::string proof(const StudyResult& result) {
  if (!result.proof) {
    return "";
  }
  const FrontProof& proof = *result.proof;
  std::string text = fmt::format(
      "\nThe proof: of {} designs {} are evaluated, {} cannot be on the front by their bounds, {} are "
      "outside "
      "the limits\nby their bounds, {} are open. Distinct layers mapped: {} of {}.\n",
      grouped(static_cast<std::int64_t>(proof.designs)), amount(proof.evaluated, proof.designs),
      amount(proof.dominated, proof.designs), amount(proof.infeasible, proof.designs),
      amount(proof.open, proof.designs), grouped(proof.layers_mapped), grouped(proof.layers));
  if (proof.best_open.empty()) {
    return text + fmt::format(
                      "Nothing is open: this is the front of the space, in this model with the mappings "
                      "that search '{}' finds.\n",
                      result.space.mapper);
  }
  text += "An open design could have at best, one objective at a time:";
  for (std::size_t i = 0; i < proof.best_open.size(); ++i) {
    text += fmt::format("{} {}", i > 0 ? "," : "", shown(result.space.objectives[i], proof.best_open[i]));
  }
  return text + ".\n";
}

std::string simulated(const StudyResult& result) {
  if (result.simulated.empty()) {
    return "";
  }
  Table table({{"layer", Align::kLeft},
               {"layers of this shape"},
               {"model cycles"},
               {"simulated cycles"},
               {"outputs equal the reference", Align::kLeft}});
  for (const auto& layer : result.simulated) {
    table.add_row({layer.name, grouped(layer.count), grouped(layer.model_cycles),
                   grouped(layer.simulated_cycles), layer.values_match ? "yes" : "NO"});
  }
  return "\nThe chosen design (*), simulated: array work, one copy of each shape\n\n" + table.text() +
         fmt::format("\nall layers: {} cycles by the model, {} simulated\n", grouped(result.model_cycles),
                     grouped(result.simulated_cycles));
}

}  // namespace

std::string network_label(const DesignSpace& space, const StudyPoint& point) {
  return space.network->describe(point.genome);
}

const std::string& knob_label(const DesignSpace& space, const StudyPoint& point, std::size_t knob) {
  return space.option(point.genome, knob).label;
}

std::string print_study(const StudyResult& result, const ExploreArguments& arguments, Format format) {
  if (format == Format::kJson) {
    return print_study_json(result, arguments);
  }
  const Table table = front_table(result, format);
  if (format == Format::kCsv) {
    return table.csv();
  }
  const std::string more =
      result.front.size() > kRows
          ? fmt::format("... the first {} of {} designs; front.csv has all.\n", kRows, result.front.size())
          : "";
  return header(result, arguments) + table.text() + more +
         "\nThe Pareto front: no other design evaluated is better in one column and no worse in the others. "
         "design: order\n"
         "of evaluation; *: the knee, chosen. accuracy: from the source named above. latency, energy: batch "
         "1.\n" +
         proof(result) + answers_text(result, arguments) + simulated(result) +
         (result.interrupted || !arguments.shard.starts_with("1/")
              ? ""
              : fmt::format("\nwritten to {}\n", arguments.out));
}

}  // namespace weft::cli
