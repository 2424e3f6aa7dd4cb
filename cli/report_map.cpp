// What `weft map` says: cost, bound and mapping of every layer, and what the proof rests on.
// SPDX-License-Identifier: Apache-2.0
#include <string>

#include <fmt/format.h>

#include "base/table.hpp"
#include "cli/report.hpp"

namespace weft::cli {

namespace {

std::string row_notes(const Report& report) {
  const std::string mappings = report.effort.space.empty() ? "no mapping" : "no mapping of the space below";
  return fmt::format(
      "\nlayers: the array's work alone; network: all layers with vector work, its bound follows from "
      "theirs. bound: {}\ncosts less in this model. gap: 1 - bound / cost; 0: proven the best. evaluated: "
      "mappings priced in full.\nmapping: per level [tensors kept], temporal loops, then spatial ones.\n",
      mappings);
}

std::string effort_line(const Effort& effort) {
  if (effort.space.empty()) {
    return "";
  }
  std::string outside;
  if (effort.outside > 0) {
    outside = fmt::format(
        "{} of them with a mapping outside of it, whose tiles do not divide: none inside costs less\n",
        effort.outside);
  }
  return fmt::format(
      "\n{} of {} layers proven optimal (distinct shapes: {}): {} mappings priced, {} partial ones looked "
      "at\nspace: {}\n{}",
      effort.proven, effort.layers, effort.searched, grouped(effort.priced), grouped(effort.nodes),
      effort.space, outside);
}

std::string proof_text(const LayerReport& layer, const Setup& setup) {
  const Certificate& certificate = layer.proof->certificate;
  const char* unit = unit_of(setup.objective);
  return fmt::format("\nproof of {}\n", layer.name) +
         fmt::format("{:>16} {}\n{:>16} {}\n{:>16} {}\n", significant(layer.proof->cost),
                     fmt::format("{}: the best mapping found", unit), significant(layer.proof->lower_bound),
                     fmt::format("{}: no mapping of the space costs less", unit), percent(layer.proof->gap),
                     layer.proof->gap <= 0 && certificate.outside
                         ? "gap: none of the space is better; the tiles of this one do not divide"
                     : layer.proof->gap <= 0
                         ? "gap: it is the best of the space"
                         : "gap: another may be better by at most this; raise --max-nodes") +
         fmt::format(
             "{:>16} partial mappings looked at\n{:>16} of them cut: their bound is no better than "
             "the best found\n{:>16} of them cut: too large for a memory or a fan-out\n",
             grouped(certificate.nodes), grouped(certificate.cut_by_bound),
             grouped(certificate.cut_by_capacity)) +
         fmt::format("{:>16} sets of loop bounds whose orders were priced: {} mappings\n",
                     grouped(certificate.leaves), grouped(layer.evaluated));
}

std::string details(const LayerReport& layer, const Setup& setup) {
  std::string text = layer.loop_nest.empty() ? "" : "\n" + layer.loop_nest;
  if (layer.proof && !layer.proof->certificate.space.empty()) {
    text += proof_text(layer, setup);
  }
  text += layer.rejected.empty() ? "" : "\nrejected, by reason, with one example each\n";
  for (const RejectionRow& row : layer.rejected) {
    text += fmt::format("{:>12}  {:<16}  {}\n", grouped(row.count), row.reason, row.example);
  }
  return text;
}

}  // namespace

const char* unit_of(Objective objective) {
  switch (objective) {
    case Objective::kEnergy:
      return "pJ";
    case Objective::kLatency:
      return "s";
    case Objective::kEdp:
      return "J s";
    case Objective::kEd2p:
      return "J s2";
  }
  return "";
}

std::string times(const LayerReport& layer) {
  return layer.repeat == 1 ? layer.name : fmt::format("{} x{}", layer.name, layer.repeat);
}

std::string percent(double share) {
  return significant(100 * share, 3) + " %";
}

std::string map_table(const Report& report, const Setup& setup) {
  Table table({{"layer", Align::kLeft},
               {"shape", Align::kLeft},
               {fmt::format("{} ({})", name_of(setup.objective), unit_of(setup.objective))},
               {"bound"},
               {"gap"},
               {"evaluated"},
               {"mapping", Align::kLeft}});
  const auto add = [&](const LayerReport& layer) {
    const double cost =
        objective_value(setup.objective, layer.energy_pj, layer.cycles, setup.accelerator.clock);
    const Proof proof = layer.proof.value_or(Proof{cost, layer.bound_cost, layer.gap});
    table.add_row({times(layer), layer.shape, significant(proof.cost), significant(proof.lower_bound),
                   percent(proof.gap), grouped(layer.evaluated), layer.mapping_line});
  };
  for (const LayerReport& layer : report.layers) {
    add(layer);
  }
  add(report.total);
  std::string text = table.text() + row_notes(report) + effort_line(report.effort);
  for (const LayerReport& layer : report.layers) {
    text += report.layers.size() == 1 ? details(layer, setup) : "";
  }
  return text;
}

}  // namespace weft::cli
