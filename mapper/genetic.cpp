// A genetic search.
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <utility>
#include <vector>

#include "mapper/conform.hpp"
#include "mapper/heuristics.hpp"
#include "mapper/improve.hpp"
#include "mapper/starts.hpp"

namespace weft {

namespace {

struct Member {
  Plan plan;
  Score score;
};

class Population {
 public:
  Population(Pricer& pricer, Rng& rng, std::size_t size) : pricer_(pricer), rng_(rng), size_(size) {}

  // Prices the plan; a legal one that is not there yet joins, in the place of the worst when all are taken.
  void offer(Plan plan) {
    const Score score = pricer_.price(plan);
    const auto equal = [&score](const Member& m) {
      return m.score.cost == score.cost && m.score.tie == score.tie;
    };
    if (!score.legal() || std::any_of(members_.begin(), members_.end(), equal)) {
      return;
    }
    if (members_.size() < size_) {
      members_.push_back({std::move(plan), score});
      return;
    }
    const auto worst = std::max_element(members_.begin(), members_.end(),
                                        [](const Member& a, const Member& b) { return a.score < b.score; });
    if (score < worst->score) {
      *worst = {std::move(plan), score};
    }
  }

  [[nodiscard]] Plan child() {
    const Plan& mother = parent();
    const Plan& father = parent();
    const MapSpace& space = pricer_.space();
    Plan plan = mother;
    for (std::size_t d = 0; d < static_cast<std::size_t>(space.dims()); ++d) {
      if (rng_.chance(0.5)) {  // a dim's bounds belong together: they cover it
        for (std::size_t slot = 0; slot < plan.bounds.size(); ++slot) {
          plan.bounds[slot][d] = father.bounds[slot][d];
        }
      }
    }
    for (std::size_t level = 0; level < plan.keep.size(); ++level) {
      plan.order[level] = rng_.chance(0.5) ? father.order[level] : plan.order[level];
      plan.keep[level] = rng_.chance(0.5) ? father.keep[level] : plan.keep[level];
    }
    conform(plan, space);
    if (rng_.chance(0.7)) {
      plan = neighbour(plan, space, rng_);
    }
    for (int level = space.depth() - 1; level > 0; --level) {
      shrink_to_fit(plan, space, level, rng_);
    }
    return plan;
  }

  [[nodiscard]] bool full() const { return members_.size() >= size_; }
  [[nodiscard]] bool can_breed() const { return members_.size() >= 2; }

 private:
  // The best of three.
  [[nodiscard]] const Plan& parent() {
    const Member* best = &rng_.pick(members_);
    for (int i = 0; i < 2; ++i) {
      const Member* other = &rng_.pick(members_);
      best = other->score < best->score ? other : best;
    }
    return best->plan;
  }

  Pricer& pricer_;
  Rng& rng_;
  std::size_t size_;
  std::vector<Member> members_;
};

}  // namespace

MapResult evolve(const MapRequest& request) {
  const MapSpace space(*request.problem, *request.accelerator, request.constraints);
  Pricer pricer(request, space, request.max_evaluations);
  Rng rng(request.seed);
  Population population(
      pricer, rng, static_cast<std::size_t>(std::clamp<std::int64_t>(request.max_evaluations / 50, 8, 64)));
  population.offer(first_plan(request, pricer, rng));
  const std::int64_t seeding = pricer.left() * 4 / 5;
  while (!population.full() && pricer.left() > seeding) {
    population.offer(random_plan(space, rng));
  }
  const std::int64_t polish = pricer.left() / 5;
  while (pricer.left() > polish) {
    population.offer(population.can_breed() ? population.child() : random_plan(space, rng));
  }
  if (pricer.best().legal()) {
    improve(pricer.best_plan(), pricer, pricer.left(), 0.02, rng);
  }
  return pricer.finish();
}

}  // namespace weft
