// Asks and tells.
// SPDX-License-Identifier: Apache-2.0
#include "dse/study_search.hpp"

#include <algorithm>

#include "dse/optimizer.hpp"
#include "dse/study_front.hpp"

namespace weft {

namespace {

OptimizerSetup setup_of(const DesignSpace& space, const Evaluator& evaluator, const SearchHooks& hooks) {
  const bool nested = space.search == SearchKind::kNested;
  OptimizerSetup setup;
  for (std::size_t gene = 0; gene < space.genes(); ++gene) {
    setup.choices.push_back(nested && gene < space.network_genes() ? 1 : space.choices(gene));
  }
  for (std::size_t knob = 0; knob < space.knobs.size(); ++knob) {
    if (space.knobs[knob].taken > 0) {
      setup.arrangements.push_back(
          {space.network_genes() + knob, space.knobs[knob].items.size(), space.knobs[knob].taken});
    }
  }
  setup.kind = space.search;
  setup.population = space.population;
  setup.seed = space.seed;
  setup.admissible = [&evaluator, &hooks, nested](const Genome& genome) {
    const bool admissible =
        evaluator.machine_admissible(genome) && (nested || evaluator.network_admissible(genome));
    if (!admissible && hooks.refused) {
      hooks.refused();
    }
    return admissible;
  };
  setup.canonicalise = [&space](Genome& genome) { space.network->canonicalise(genome); };
  return setup;
}

std::vector<Outcome> outcomes_of(const DesignSpace& space,
                                 const std::vector<std::vector<StudyPoint>>& results) {
  std::vector<Outcome> outcomes;
  for (const std::vector<StudyPoint>& points : results) {
    outcomes.emplace_back();
    for (const StudyPoint& point : points) {
      if (point.feasible) {
        outcomes.back().points.push_back(objectives_of(space, point));
      }
    }
  }
  return outcomes;
}

}  // namespace

void search_designs(const DesignSpace& space, const Evaluator& evaluator, const SearchHooks& hooks) {
  const std::unique_ptr<Optimizer> optimizer = make_optimizer(setup_of(space, evaluator, hooks));
  for (std::int64_t asked = 0; asked < space.evaluations;) {
    std::vector<Genome> batch = optimizer->ask(space.evaluations - asked);
    if (batch.empty()) {
      return;
    }
    if (space.search == SearchKind::kNested) {
      for (Genome& genome : batch) {
        std::fill_n(genome.begin(), space.network_genes(), kAllNetworks);
      }
    }
    const auto results = hooks.run(batch);
    asked += std::ssize(results);
    if (!hooks.took(results) || results.size() < batch.size()) {
      return;
    }
    optimizer->tell(outcomes_of(space, results));
  }
}

}  // namespace weft
