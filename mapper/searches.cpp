// The registered searches: construction with local improvement, and random sampling.
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "mapper/construct.hpp"
#include "mapper/exact/exact.hpp"
#include "mapper/heuristics.hpp"
#include "mapper/improve.hpp"
#include "mapper/mapper.hpp"
#include "mapper/pricer.hpp"
#include "mapper/starts.hpp"
#include "mapper/viewed_request.hpp"

namespace weft {

namespace {

// Beyond this many evaluations of one layer local search rarely finds more.
constexpr std::int64_t kEnough = 3000;

struct Candidate {
  Plan plan;
  Score score;
};

GrowOptions grow_options(std::size_t variant, Rng& rng) {
  GrowOptions options;
  options.stationary = kAllRoles[(variant + 2) % kRoles];  // outputs, weights, inputs
  options.fill = variant < kRoles ? 1 : rng.uniform(1, 8);
  for (double& weight : options.weight) {
    weight = variant < kRoles ? 1 : 0.25 + 2 * rng.unit();
  }
  return options;
}

// Every spatial split with tiles for each stationary tensor, as far as a third of the budget goes.
std::vector<Candidate> construct(Pricer& pricer, Rng& rng) {
  const MapSpace& space = pricer.space();
  const std::int64_t stop =
      std::max<std::int64_t>(0, pricer.left() - std::max<std::int64_t>(8, pricer.left() / 3));
  const auto count = static_cast<std::size_t>(std::clamp<std::int64_t>(pricer.left() / 8, 6, 48));
  const std::vector<Plan> starts = spatial_plans(space, count);
  std::vector<Candidate> candidates;
  for (std::size_t variant = 0; variant < 12 && pricer.left() > stop; ++variant) {
    for (std::size_t i = 0; i < starts.size() && pricer.left() > stop; ++i) {
      Candidate candidate{starts[i], {}};
      grow_tiles(candidate.plan, space, grow_options(variant, rng));
      candidate.score = pricer.price(candidate.plan);
      if (candidate.score.legal()) {
        candidates.push_back(std::move(candidate));
      }
    }
  }
  std::stable_sort(candidates.begin(), candidates.end(),
                   [](const Candidate& a, const Candidate& b) { return a.score < b.score; });
  return candidates;
}

MapResult constructive(const MapRequest& request) {
  const MapSpace space(*request.problem, *request.accelerator, request.constraints);
  Pricer pricer(request, space, std::min(request.max_evaluations, kEnough));
  Rng rng(request.seed);
  price_first(request, pricer);
  std::vector<Candidate> candidates = construct(pricer, rng);
  if (candidates.empty() && pricer.best().legal()) {
    candidates.push_back({pricer.best_plan(), pricer.best()});
  }
  const auto starts = std::min<std::size_t>(
      candidates.size(), static_cast<std::size_t>(std::clamp<std::int64_t>(pricer.left() / 150, 1, 8)));
  const std::int64_t share = starts > 0 ? pricer.left() / (2 * static_cast<std::int64_t>(starts)) : 0;
  for (std::size_t i = 0; i < starts; ++i) {
    improve(std::move(candidates[i].plan), pricer, share, 0.05, rng);
  }
  while (!pricer.spent()) {
    if (!pricer.best().legal()) {
      pricer.price(random_plan(space, rng));
      continue;
    }
    improve(pricer.best_plan(), pricer, std::max<std::int64_t>(50, pricer.left() / 2), 0.03, rng);
  }
  return pricer.finish();
}

// Timeloop's rule when asked for: the search ends after so many legal mappings in a row without a better one.
MapResult random_search(const MapRequest& request) {
  const MapSpace space(*request.problem, *request.accelerator, request.constraints);
  const bool patient = request.stop_after > 0;
  Pricer pricer(request, space,
                patient ? request.max_evaluations : std::min(request.max_evaluations, kEnough));
  Rng rng(request.seed);
  price_first(request, pricer);
  Score best = pricer.best();
  std::int64_t best_at = pricer.valid();
  while (!pricer.spent() && (!patient || pricer.valid() - best_at < request.stop_after)) {
    pricer.price(random_plan(space, rng));
    if (pricer.best() < best) {
      best = pricer.best();
      best_at = pricer.valid();
    }
  }
  return pricer.finish();
}

// Where the even space is empty, uneven mappings may still be legal; if none is found, they say what was in
// the way.
MapResult exact_search(const MapRequest& request) {
  MapResult best = exact::solve(request);
  return best.mapping ? best : constructive(request);
}

// The search on the machine as the layer sees it.
Search viewed(MapResult (*search)(const MapRequest&)) {
  return [search](const MapRequest& request) { return search(*ViewedRequest(request)); };
}

Registry<Search> make_searches() {
  Registry<Search> registry("search");
  registry.add("exact", "the default: the best even mapping and the proof, by branch and bound",
               viewed(exact_search));
  registry.add("constructive", "greedy construction from several spatial splits, then local improvement",
               viewed(constructive));
  registry.add("random", "random legal mappings: a baseline", viewed(random_search));
  registry.add("annealing", "simulated annealing: random moves, worse ones accepted while it is hot",
               viewed(anneal));
  registry.add("genetic", "a population of mappings: crossover of dims and levels, mutation, local search",
               viewed(evolve));
  return registry;
}

}  // namespace

const Registry<Search>& searches() {
  static const Registry<Search> registry = make_searches();
  return registry;
}

}  // namespace weft
