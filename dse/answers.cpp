// Importance and comparison.
// SPDX-License-Identifier: Apache-2.0
#include "dse/answers.hpp"

#include <algorithm>
#include <cmath>

#include "dse/forest.hpp"
#include "dse/study_front.hpp"
#include "workload/import.hpp"

namespace weft {

namespace {

constexpr std::size_t kLeastDesigns = 20;
constexpr std::size_t kMostDesigns = 2000;

std::string gene_name(const DesignSpace& space, std::size_t gene) {
  return gene < space.network_genes() ? "network." + space.network->genes()[gene].name
                                      : "knob." + space.knobs[gene - space.network_genes()].name;
}

Network network_of_baseline(const DesignSpace& space) {
  const NetworkSource& source = space.source;
  const std::string own = source.network_file.empty() ? source.file : source.network_file.string();
  return load_network(space.baseline->network.empty() ? own : space.baseline->network);
}

}  // namespace

std::vector<ChoiceShares> importance_of(const DesignSpace& space, const std::vector<StudyPoint>& points) {
  std::vector<const StudyPoint*> learned;
  for (const StudyPoint& point : points) {
    if (point.complete) {
      learned.push_back(&point);
    }
  }
  if (learned.size() < kLeastDesigns) {
    return {};
  }
  const std::size_t step = (learned.size() + kMostDesigns - 1) / kMostDesigns;
  std::vector<Genome> genomes;
  for (std::size_t i = 0; i < learned.size(); i += step) {
    genomes.push_back(learned[i]->genome);
  }
  ForestSetup setup;
  for (std::size_t gene = 0; gene < space.genes(); ++gene) {
    setup.choices.push_back(space.choices(gene));
  }
  std::vector<ChoiceShares> all(space.genes());
  for (const Metric metric : space.objectives) {
    std::vector<double> values;
    for (std::size_t i = 0; i < learned.size(); i += step) {
      const double value = figure_value(metric, *learned[i]);
      values.push_back(metric == Metric::kAccuracy ? value : std::log(std::max(value, 1e-300)));
    }
    const std::vector<double> effects = Forest(setup, genomes, values).main_effects();
    for (std::size_t gene = 0; gene < all.size(); ++gene) {
      all[gene].shares.push_back(effects[gene]);
    }
  }
  for (std::size_t gene = 0; gene < all.size(); ++gene) {
    all[gene].choice = gene_name(space, gene);
  }
  std::erase_if(all, [](const ChoiceShares& entry) {
    return *std::max_element(entry.shares.begin(), entry.shares.end()) <= 0;
  });
  std::stable_sort(all.begin(), all.end(), [](const ChoiceShares& a, const ChoiceShares& b) {
    return *std::max_element(a.shares.begin(), a.shares.end()) >
           *std::max_element(b.shares.begin(), b.shares.end());
  });
  return all;
}

void check_baseline(const DesignSpace& space) {
  (void)load_accelerator(space.baseline->arch);
  (void)network_of_baseline(space);
}

BaselineAnswer compare_with_baseline(const StudyResult& result, const Evaluator& evaluator) {
  const DesignSpace& space = result.space;
  const Baseline& baseline = *space.baseline;
  const Network network = network_of_baseline(space);
  const Machine machine = evaluator.machine_of(load_accelerator(baseline.arch));
  const BlockCost cost = machine.cost(0, [&] { return network; });
  StudyPoint point;
  point.area_um2 = machine.area_um2();
  evaluator.finish(point, cost, machine);
  BaselineAnswer answer{baseline.arch + " running " + network.name,
                        machine.accelerator().compute_units(),
                        point.cycles,
                        machine.storage_bits(),
                        point.area_um2,
                        point.latency_s,
                        point.energy_pj,
                        point.complete,
                        {}};
  for (const Metric metric : {Metric::kLatency, Metric::kEnergy, Metric::kEdp}) {
    std::optional<std::size_t> best;
    for (const std::size_t member : result.front) {
      const StudyPoint& design = result.points[member];
      const bool accurate = !baseline.accuracy || design.accuracy >= *baseline.accuracy;
      if (accurate && (!best || figure_value(metric, design) < figure_value(metric, result.points[*best]))) {
        best = member;
      }
    }
    if (best && answer.complete) {
      const Machine& made = evaluator.machine(result.points[*best].genome);
      answer.gains.push_back({metric, *best,
                              figure_value(metric, point) / figure_value(metric, result.points[*best]),
                              made.accelerator().compute_units(), made.storage_bits()});
    }
  }
  return answer;
}

}  // namespace weft
