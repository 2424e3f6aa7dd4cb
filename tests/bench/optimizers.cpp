// How much of a front do the optimisers find with 5 % of the evaluations? Enumerates a space, then lets
// NSGA-II and random sampling search it with ten seeds each. Takes a minute or two, so people run it:
// weft_optimizers. SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cstdio>
#include <map>
#include <set>

#include "dse/evaluator.hpp"
#include "dse/hypervolume.hpp"
#include "dse/optimizer.hpp"
#include "dse/study_front.hpp"

namespace weft {
namespace {

OptimizerSetup setup_of(const DesignSpace& space, SearchKind kind, std::uint64_t seed) {
  OptimizerSetup setup;
  for (std::size_t gene = 0; gene < space.genes(); ++gene) {
    setup.choices.push_back(space.choices(gene));
  }
  setup.kind = kind;
  setup.seed = seed;
  setup.population = space.population;
  setup.admissible = [](const Genome&) { return true; };
  setup.canonicalise = [&space](Genome& genome) { space.network->canonicalise(genome); };
  return setup;
}

// Objectives of everything the optimiser asked for.
std::vector<Objectives> search(const DesignSpace& space, const Evaluator& evaluator, SearchKind kind,
                               std::uint64_t seed, std::int64_t evaluations) {
  const auto optimizer = make_optimizer(setup_of(space, kind, seed));
  std::vector<Objectives> found;
  for (std::int64_t asked = 0; asked < evaluations;) {
    const auto batch = optimizer->ask(evaluations - asked);
    if (batch.empty()) {
      break;
    }
    asked += std::ssize(batch);
    std::vector<Outcome> outcomes;
    for (const Genome& genome : batch) {
      const StudyPoint point = evaluator.evaluate(genome);
      outcomes.emplace_back();
      if (point.feasible) {
        outcomes.back().points = {objectives_of(space, point)};
        found.push_back(outcomes.back().points.front());
      }
    }
    optimizer->tell(outcomes);
  }
  return found;
}

std::vector<Objectives> front_of(const std::vector<Objectives>& points) {
  std::vector<Objectives> front;
  for (const std::size_t member : pareto_front(points)) {
    front.push_back(points[member]);
  }
  return front;
}

void compare(const DesignSpace& space) {
  const Evaluator evaluator(space);
  const auto all = search(space, evaluator, SearchKind::kExhaustive, 1, 1'000'000'000);
  const auto front = front_of(all);
  Objectives reference = all.front();
  for (const Objectives& point : all) {
    for (std::size_t i = 0; i < reference.size(); ++i) {
      reference[i] = std::max(reference[i], point[i]);
    }
  }
  const double whole = hypervolume(front, reference);
  // Where evaluations are dear, a hundredth and less; else a twentieth.
  std::vector<std::pair<SearchKind, std::int64_t>> trials;
  for (const SearchKind kind : {SearchKind::kSurrogate, SearchKind::kEvolutionary, SearchKind::kRandom}) {
    trials.emplace_back(kind, 100);
    trials.emplace_back(kind, std::ssize(all) / 100);
  }
  trials.emplace_back(SearchKind::kEvolutionary, std::ssize(all) / 20);
  trials.emplace_back(SearchKind::kRandom, std::ssize(all) / 20);
  std::printf("%zu designs, %zu on the front; population %lld\n", all.size(), front.size(),
              static_cast<long long>(space.population));
  for (const auto& [kind, budget] : trials) {
    std::vector<double> shares;
    for (std::uint64_t seed = 1; seed <= 10; ++seed) {
      shares.push_back(hypervolume(front_of(search(space, evaluator, kind, seed, budget)), reference) /
                       whole);
    }
    std::sort(shares.begin(), shares.end());
    std::printf(
        "%5lld evaluations, %-13s median %.2f %%, worst %.2f %%, best %.2f %% of the exhaustive "
        "hypervolume\n",
        static_cast<long long>(budget), search_kind_names()[static_cast<std::size_t>(kind)].c_str(),
        50 * (shares[4] + shares[5]), 100 * shares.front(), 100 * shares.back());
  }
}

}  // namespace
}  // namespace weft

int main() {
  weft::compare(weft::load_space("ofa_optimizers"));
  return 0;
}
