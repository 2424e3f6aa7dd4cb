// Local search.
// SPDX-License-Identifier: Apache-2.0
#include "mapper/improve.hpp"

#include <algorithm>
#include <utility>

namespace weft {

Plan improve(Plan plan, Pricer& pricer, std::int64_t evaluations, double tolerance, Rng& rng) {
  const std::int64_t start = pricer.left();
  const std::int64_t stop = std::max<std::int64_t>(0, start - evaluations);
  Score here = pricer.price(plan);
  Plan best = plan;
  Score best_score = here;
  while (pricer.left() > stop) {
    Plan trial = neighbour(plan, pricer.space(), rng);
    const Score score = pricer.price(trial);
    const double done = static_cast<double>(start - pricer.left()) /
                        static_cast<double>(std::max<std::int64_t>(1, start - stop));
    const double slack = 1 + tolerance * std::max(0.0, 1 - done);
    if (score.legal() && (!(here < score) || score.cost < here.cost * slack)) {
      plan = std::move(trial);
      here = score;
      if (here < best_score) {
        best = plan;
        best_score = here;
      }
    }
  }
  return best;
}

}  // namespace weft
