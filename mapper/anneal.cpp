// Simulated annealing.
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cmath>
#include <utility>

#include "mapper/heuristics.hpp"
#include "mapper/improve.hpp"
#include "mapper/starts.hpp"

namespace weft {

namespace {

// Of the logarithm of the cost: at first a plan twice as expensive is accepted now and then, at last nothing
// that is worse by a percent.
constexpr double kHot = 0.3;
constexpr double kCold = 0.002;
// Moves that find nothing better than the best, as a share of the budget, before the walk goes back to it.
constexpr double kPatience = 0.1;

bool accepts(const Score& here, const Score& next, double temperature, Rng& rng) {
  if (!here.legal() || !(here < next)) {
    return next.legal() || !here.legal();
  }
  return next.legal() && rng.chance(std::exp(-std::log(next.cost / here.cost) / temperature));
}

}  // namespace

MapResult anneal(const MapRequest& request) {
  const MapSpace space(*request.problem, *request.accelerator, request.constraints);
  Pricer pricer(request, space, request.max_evaluations);
  Rng rng(request.seed);
  Plan here = first_plan(request, pricer, rng);
  Score score = pricer.best();
  const auto budget = static_cast<double>(std::max<std::int64_t>(1, pricer.left()));
  Score best = score;
  double best_at = 0;
  while (!pricer.spent()) {
    const double done = 1 - static_cast<double>(pricer.left()) / budget;
    if (done - best_at > kPatience && pricer.best().legal()) {
      here = pricer.best_plan();
      score = pricer.best();
      best_at = done;
    }
    Plan trial =
        pricer.best().legal() || rng.chance(0.5) ? neighbour(here, space, rng) : random_plan(space, rng);
    const Score next = pricer.price(trial);
    if (accepts(score, next, kHot * std::pow(kCold / kHot, done), rng)) {
      here = std::move(trial);
      score = next;
    }
    if (pricer.best() < best) {
      best = pricer.best();
      best_at = done;
    }
  }
  return pricer.finish();
}

}  // namespace weft
