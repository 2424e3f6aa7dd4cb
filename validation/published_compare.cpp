// Our numbers for a published case, beside the printed ones.
// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "energy_model/energy.hpp"
#include "validation/published_case.hpp"

namespace weft::validation {
namespace {

double number(std::int64_t count) {
  return static_cast<double>(count);
}

std::string place(const PublishedCase& published, const PublishedLevel& level, Role role) {
  return fmt::format("{}: {} {}", published.name,
                     published.accelerator.levels[static_cast<std::size_t>(level.level)].name, name_of(role));
}

// Calls `visit(level, role, tensor)` for every printed tensor.
template <class Visit>
void for_each_tensor(const PublishedCase& published, const Visit& visit) {
  for (const PublishedLevel& level : published.levels) {
    for (const Role role : kAllRoles) {
      if (const auto& tensor = level.tensors[static_cast<std::size_t>(index_of(role))]) {
        visit(level, role, *tensor);
      }
    }
  }
}

}  // namespace

std::vector<Comparison> compare_counts(const PublishedCase& published, const EvaluateOptions& options) {
  const Evaluation ours = evaluate(published.mapping, published.problem, published.accelerator, options);
  std::vector<Comparison> result;
  result.push_back({published.name + ": cycles", number(published.cycles), number(ours.timing.cycles)});
  result.push_back({published.name + ": MACs", number(published.macs), number(ours.counts.macs)});
  result.push_back(
      {published.name + ": compute units", number(published.units), number(ours.counts.compute_units_used)});
  for_each_tensor(published, [&](const PublishedLevel& level, Role role, const PublishedTensor& tensor) {
    const LevelCounts& counts = ours.counts.levels[static_cast<std::size_t>(level.level)];
    const TensorCounts& words = counts.tensors[static_cast<std::size_t>(index_of(role))];
    const double used = number(tensor.instances);
    const std::string what = place(published, level, role);
    result.push_back({what + " instances", used, number(counts.instances_used)});
    result.push_back({what + " reads", used * number(tensor.reads), number(words.reads)});
    result.push_back({what + " fills", used * number(tensor.fills), number(words.fills)});
    result.push_back({what + " updates", used * number(tensor.updates), number(words.updates)});
    result.push_back({what + " tile", number(tensor.tile),
                      number(tile_words(published.mapping, published.problem, role, level.level,
                                        options.counts.footprint))});
  });
  return result;
}

EnergyComparison compare_energy(const PublishedCase& published, const EvaluateOptions& options) {
  const Accelerator& accelerator = published.accelerator;
  const Evaluation ours = evaluate(published.mapping, published.problem, accelerator, options);
  // Every energy of a case is stated by its accelerator file; the table is not asked.
  const CostModel costs = make_cost_model(accelerator, EnergyTable::load("default_45nm"), published.problem);
  const EnergyReport report = energy(ours.counts, accelerator, costs, ours.timing.cycles);
  EnergyComparison result;
  result.parts.push_back({published.name + ": compute pJ", published.compute_energy, report.compute});
  result.total = {published.name + ": total pJ", published.energy, report.total};
  for_each_tensor(published, [&](const PublishedLevel& level, Role role, const PublishedTensor& tensor) {
    const auto& parts = report.levels[static_cast<std::size_t>(level.level)].tensors;
    const double energy_ours = parts[static_cast<std::size_t>(index_of(role))];
    const double shared = energy_ours / number(tensor.one_access_serves);
    result.parts.push_back({place(published, level, role) + " pJ", tensor.energy, shared});
    result.total.ours -= energy_ours - shared;
  });
  for (const PublishedLevel& level : published.levels) {
    const auto at = static_cast<std::size_t>(level.level);
    result.parts.push_back({fmt::format("{}: {} leak pJ", published.name, accelerator.levels[at].name),
                            level.leak, report.levels[at].leak});
  }
  return result;
}

}  // namespace weft::validation
