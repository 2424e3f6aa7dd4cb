// Prices plans for a search: legality, model, energy; keeps the best, counts the rejected and remembers what
// it has seen, so that a search pays for every mapping once.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <limits>
#include <unordered_map>

#include "mapper/mapper.hpp"
#include "mapper/plan.hpp"

namespace weft {

// Ordered by the objective, then by the energy-delay product; illegal plans are worse than any other.
struct Score {
  double cost = std::numeric_limits<double>::infinity();
  double tie = std::numeric_limits<double>::infinity();
  [[nodiscard]] bool legal() const { return cost < std::numeric_limits<double>::infinity(); }
  friend bool operator<(const Score& a, const Score& b) {
    return a.cost < b.cost || (a.cost == b.cost && a.tie < b.tie);
  }
};

class Pricer {
 public:
  // The request is referred to; at most `budget` evaluations are expected, none where nothing can be legal.
  Pricer(const MapRequest& request, const MapSpace& space, std::int64_t budget);

  Score price(const Plan& plan);
  // A given mapping, even one that no plan expresses; the nearest plan stands for it as best plan.
  Score price(const Mapping& mapping);
  // Evaluations left. Plans that cost no evaluation (rejected, seen, hopeless) use up a tenth of one each, so
  // that every search ends.
  [[nodiscard]] std::int64_t left() const { return budget_ - result_.evaluated - looked_up_ / 10; }
  [[nodiscard]] bool spent() const { return left() <= 0; }

  // Legal plans priced, those seen before and the hopeless among them.
  [[nodiscard]] std::int64_t valid() const { return valid_; }

  [[nodiscard]] const MapSpace& space() const { return *space_; }
  [[nodiscard]] const Plan& best_plan() const { return best_plan_; }
  [[nodiscard]] const Score& best() const { return best_; }
  // The result with bound and gap; the pricer is used up.
  [[nodiscard]] MapResult finish();

 private:
  struct Seen {
    Score score;
    bool valid = false;
  };
  Seen judge(const Mapping& mapping, const Plan& plan);
  Score evaluate_legal(const Mapping& mapping);
  // Even with the least energy any mapping has, too slow to come near the best?
  [[nodiscard]] bool hopeless(const Plan& plan) const;

  const MapRequest* request_;
  const MapSpace* space_;
  std::int64_t budget_;
  MappingEvaluator evaluator_;
  CostModel costs_;
  Bound bound_;
  std::int64_t looked_up_ = 0;
  std::int64_t valid_ = 0;
  std::unordered_map<std::uint64_t, Seen> seen_;
  Score best_;
  Plan best_plan_;
  MapResult result_;
};

// Fills in lower bound and gap.
void set_bound(const MapRequest& request, const Bound& bound, MapResult& result);

}  // namespace weft
