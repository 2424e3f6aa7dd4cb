// What would have to change to reach a target.
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <limits>

#include <fmt/format.h>

#include "base/table.hpp"
#include "dse/answers.hpp"

namespace weft {

namespace {

std::vector<TargetAnswer::Miss> misses_of(const Target& target, const StudyPoint& point) {
  std::vector<TargetAnswer::Miss> misses;
  const auto at_most = [&](Metric metric, double value, const std::optional<double>& wanted) {
    if (wanted) {
      misses.push_back({metric, value, *wanted, value / *wanted - 1});
    }
  };
  if (target.accuracy) {
    misses.push_back(
        {Metric::kAccuracy, point.accuracy, *target.accuracy, 1 - point.accuracy / *target.accuracy});
  }
  at_most(Metric::kLatency, point.latency_s, target.latency_s);
  at_most(Metric::kEnergy, point.energy_pj, target.energy_pj);
  at_most(Metric::kArea, point.area_um2, target.area_um2);
  return misses;
}

double excess_of(const Target& target, const StudyPoint& point) {
  double excess = -std::numeric_limits<double>::infinity();
  for (const TargetAnswer::Miss& miss : misses_of(target, point)) {
    excess = std::max(excess, miss.excess);
  }
  return point.complete ? excess : std::numeric_limits<double>::infinity();
}

// The constraint that the design breaks; empty: none.
std::string refusal(const DesignSpace& space, const Evaluator& evaluator, const StudyPoint& point) {
  const Machine& machine = evaluator.machine(point.genome);
  const auto over = [](const char* what, double value, double limit, const char* unit) {
    return fmt::format("{} {} of at most {} {}", what, significant(value), significant(limit), unit);
  };
  if (space.max_area && machine.area_um2() > space.max_area->count()) {
    return over("area", 1e-6 * machine.area_um2(), 1e-6 * space.max_area->count(), "mm2");
  }
  if (space.max_units && machine.accelerator().compute_units() > *space.max_units) {
    return fmt::format("{} of at most {} units", machine.accelerator().compute_units(), *space.max_units);
  }
  if (space.max_storage_bits && machine.storage_bits() > *space.max_storage_bits) {
    return over("storage", machine.storage_bits() / 8192, *space.max_storage_bits / 8192, "KiB");
  }
  if (space.min_accuracy && space.accuracy != nullptr && point.accuracy < *space.min_accuracy) {
    return fmt::format("accuracy {} of at least {} %", significant(point.accuracy),
                       significant(*space.min_accuracy));
  }
  if (space.max_latency_s && point.latency_s > *space.max_latency_s) {
    return over("latency", 1e3 * point.latency_s, 1e3 * *space.max_latency_s, "ms");
  }
  return space.max_energy_pj && point.energy_pj > *space.max_energy_pj
             ? over("energy", 1e-9 * point.energy_pj, 1e-9 * *space.max_energy_pj, "mJ")
             : "";
}

std::string option_text(const DesignSpace& space, const Genome& genome, std::size_t gene) {
  return gene < space.network_genes() ? fmt::format("{}", space.network->value(genome, gene))
                                      : space.option(genome, gene - space.network_genes()).label;
}

}  // namespace

std::optional<TargetAnswer> reach_target(const StudyResult& result, const Evaluator& evaluator) {
  const DesignSpace& space = result.space;
  const Target& target = *space.target;
  constexpr double kNever = std::numeric_limits<double>::infinity();
  TargetAnswer answer;
  answer.excess = kNever;
  for (std::size_t i = 0; i < result.points.size(); ++i) {
    const double excess = result.points[i].feasible ? excess_of(target, result.points[i]) : kNever;
    if (excess < answer.excess) {
      answer.excess = excess;
      answer.nearest = i;
    }
  }
  if (answer.excess == kNever) {
    return std::nullopt;
  }
  const Genome nearest = result.points[answer.nearest].genome;
  answer.misses = misses_of(target, result.points[answer.nearest]);
  for (std::size_t gene = 0; gene < space.genes(); ++gene) {
    const bool network = gene < space.network_genes();
    if (network && !space.network->active(nearest, gene)) {
      continue;
    }
    bool helped = false;
    for (int option = 0; option < space.choices(gene); ++option) {
      Genome changed = nearest;
      changed[gene] = option;
      if (option == nearest[gene]) {
        continue;
      }
      space.network->canonicalise(changed);
      const StudyPoint point = evaluator.evaluate(changed);
      const double excess = excess_of(target, point);
      if (excess < answer.excess) {
        helped = true;
        answer.changes.push_back({network ? "network." + space.network->genes()[gene].name
                                          : "knob." + space.knobs[gene - space.network_genes()].name,
                                  option_text(space, nearest, gene), option_text(space, changed, gene),
                                  excess, refusal(space, evaluator, point)});
      }
    }
    const bool last = nearest[gene] == space.choices(gene) - 1 || nearest[gene] == 0;
    if (!network && !helped && last && space.choices(gene) > 2) {
      answer.at_end.push_back(space.knobs[gene - space.network_genes()].name + " " +
                              option_text(space, nearest, gene));
    }
  }
  std::stable_sort(answer.changes.begin(), answer.changes.end(),
                   [](const auto& a, const auto& b) { return a.excess < b.excess; });
  return answer;
}

}  // namespace weft
