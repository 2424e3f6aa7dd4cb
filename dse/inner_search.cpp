// Searches networks for a given accelerator.
// SPDX-License-Identifier: Apache-2.0
#include "dse/inner_search.hpp"

#include <algorithm>

#include "dse/optimizer.hpp"
#include "dse/study_front.hpp"

namespace weft {

std::vector<StudyPoint> front_of_networks(const DesignSpace& space, const Evaluator& evaluator,
                                          const Genome& genome, std::int64_t evaluations) {
  const std::size_t genes = space.network_genes();
  OptimizerSetup setup;
  for (std::size_t gene = 0; gene < genes; ++gene) {
    setup.choices.push_back(space.choices(gene));
  }
  constexpr std::int64_t kPopulation = 60;
  setup.population = kPopulation;
  setup.seed = space.seed;
  const auto whole = [&](const Genome& network) {
    Genome result = network;
    result.insert(result.end(), genome.begin() + static_cast<std::ptrdiff_t>(genes), genome.end());
    return result;
  };
  setup.admissible = [&](const Genome& network) { return evaluator.network_admissible(network); };
  setup.canonicalise = [&](Genome& network) { space.network->canonicalise(network); };
  const auto optimizer = make_optimizer(setup);
  std::vector<StudyPoint> points;
  std::vector<Objectives> objectives;
  for (std::int64_t asked = 0; asked < evaluations;) {
    const std::vector<Genome> batch = optimizer->ask(evaluations - asked);
    if (batch.empty()) {
      break;
    }
    asked += std::ssize(batch);
    std::vector<Outcome> outcomes;
    for (const Genome& network : batch) {
      StudyPoint point = evaluator.evaluate(whole(network));
      outcomes.emplace_back();
      if (point.feasible) {
        outcomes.back().points = {objectives_of(space, point)};
        objectives.push_back(outcomes.back().points.front());
        points.push_back(std::move(point));
      }
    }
    optimizer->tell(outcomes);
  }
  std::vector<StudyPoint> front;
  for (const std::size_t member : pareto_front(objectives)) {
    front.push_back(points[member]);
  }
  return front;
}

}  // namespace weft
