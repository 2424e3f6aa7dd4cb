// Starting points of searches.
// SPDX-License-Identifier: Apache-2.0
#include "mapper/starts.hpp"

#include <algorithm>

#include "mapper/conform.hpp"
#include "mapper/construct.hpp"
#include "mapper/improve.hpp"

namespace weft {

void price_first(const MapRequest& request, Pricer& pricer) {
  if (request.start) {
    pricer.price(*request.start);
  }
  Plan plan = trivial_plan(pricer.space());
  conform(plan, pricer.space());
  pricer.price(plan);
  for (int level = 1; level < pricer.space().depth(); ++level) {
    plan.keep[static_cast<std::size_t>(level)] = pricer.space().level(level).must_keep;
  }
  pricer.price(plan);
}

Plan first_plan(const MapRequest& request, Pricer& pricer, Rng& rng) {
  price_first(request, pricer);
  const std::int64_t share = std::max<std::int64_t>(1, pricer.left() / 20);
  const std::int64_t stop = pricer.left() - share;
  const std::vector<Plan> spread = spatial_plans(pricer.space(), 8);
  for (std::size_t i = 0; pricer.left() > stop; ++i) {
    if (i < spread.size() * kRoles) {
      Plan plan = spread[i / kRoles];
      grow_tiles(plan, pricer.space(), {.stationary = kAllRoles[i % kRoles]});
      pricer.price(plan);
    } else {
      pricer.price(random_plan(pricer.space(), rng));
    }
  }
  if (pricer.best().legal()) {
    return pricer.best_plan();
  }
  Plan plan = trivial_plan(pricer.space());
  conform(plan, pricer.space());
  return plan;
}

}  // namespace weft
