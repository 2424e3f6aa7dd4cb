// The registered searches: construction with local improvement, and random sampling.
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "mapper/construct.hpp"
#include "mapper/improve.hpp"
#include "mapper/mapper.hpp"
#include "mapper/pricer.hpp"

namespace weft {

namespace {

// Beyond this many evaluations of one layer local search rarely finds more.
constexpr std::int64_t kEnough = 3000;

struct Candidate {
  Plan plan;
  Score score;
};

// Without any buffer tiles, and with every optional tensor bypassed: legal whenever anything is.
void price_trivial(Pricer& pricer) {
  Plan plan = trivial_plan(pricer.space());
  pricer.price(plan);
  for (int level = 1; level < pricer.space().depth(); ++level) {
    plan.keep[static_cast<std::size_t>(level)] = pricer.space().level(level).must_keep;
  }
  pricer.price(plan);
}

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
  const MapSpace space(*request.problem, *request.accelerator);
  Pricer pricer(request, space, std::min(request.max_evaluations, kEnough));
  Rng rng(request.seed);
  price_trivial(pricer);
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

MapResult random_search(const MapRequest& request) {
  const MapSpace space(*request.problem, *request.accelerator);
  Pricer pricer(request, space, std::min(request.max_evaluations, kEnough));
  Rng rng(request.seed);
  price_trivial(pricer);
  while (!pricer.spent()) {
    pricer.price(random_plan(space, rng));
  }
  return pricer.finish();
}

Registry<Search> make_searches() {
  Registry<Search> registry("search");
  registry.add("default", "constructive", constructive);
  registry.add("constructive", "greedy construction from several spatial splits, then local improvement",
               constructive);
  registry.add("random", "random legal mappings: a baseline", random_search);
  return registry;
}

}  // namespace

const Registry<Search>& searches() {
  static const Registry<Search> registry = make_searches();
  return registry;
}

}  // namespace weft
