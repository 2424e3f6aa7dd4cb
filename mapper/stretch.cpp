// SPDX-License-Identifier: Apache-2.0
#include "mapper/stretch.hpp"

#include <algorithm>
#include <vector>

#include "base/checked.hpp"
#include "mapper/conform.hpp"
#include "mapper/plan.hpp"
#include "mapper/pricer.hpp"

namespace weft {

namespace {

class Stretcher {
 public:
  Stretcher(const MapSpace& space, Pricer& pricer) : space_(space), pricer_(pricer) {
    for (int dim = 0; dim < space.dims(); ++dim) {
      if (size(dim) > 1) {
        dims_.push_back(dim);
      }
    }
  }

  void run() {
    while (!pricer_.spent() && improved()) {
    }
  }

 private:
  [[nodiscard]] std::int64_t size(int dim) const { return space_.problem().size(dim); }

  struct Levels {
    int outer, inner;
  };

  // Looks for the first neighbour that is better; it is the best plan then.
  bool improved() {
    const Plan here = pricer_.best_plan();
    return any_levels([&](Levels levels) {
      return std::any_of(dims_.begin(), dims_.end(), [&](int dim) {
        return stretched_is_better(here, levels, dim, 1) || stretched_is_better(here, levels, dim, 2);
      });
    });
  }

  // The dim takes fewer rounds at the outer level, and larger tiles inside the inner one; where these do not
  // fit, another dim's are smaller for one round more.
  bool stretched_is_better(const Plan& here, Levels levels, int dim, std::int64_t less) {
    Plan trial = here;
    if (!add_rounds(trial, levels, dim, -less)) {
      return false;
    }
    if (fits(trial, space_, space_.depth() - 1)) {
      return is_better(trial);
    }
    return any_levels([&](Levels gap) {
      return std::any_of(dims_.begin(), dims_.end(), [&](int other) {
        Plan both = trial;
        return other != dim && add_rounds(both, gap, other, 1) && fits(both, space_, space_.depth() - 1) &&
               is_better(both);
      });
    });
  }

  bool is_better(const Plan& plan) {
    const Score best = pricer_.best();
    return !pricer_.spent() && !is_even(plan, space_) && pricer_.price(plan) < best;
  }

  // Innermost first.
  template <typename True>
  bool any_levels(const True& is_true) const {
    for (int inner = space_.depth() - 1; inner > 0; --inner) {
      for (int outer = inner - 1; outer >= 0; --outer) {
        if (is_true(Levels{outer, inner})) {
          return true;
        }
      }
    }
    return false;
  }

  // The least bound at the inner level that covers the dim in so many rounds more at the outer one. False:
  // there is none.
  [[nodiscard]] bool add_rounds(Plan& plan, Levels levels, int dim, std::int64_t more) const {
    const auto d = static_cast<std::size_t>(dim);
    std::int64_t& rounds = plan.at(levels.outer, Slot::kTime)[d];
    std::int64_t& bound = plan.at(levels.inner, Slot::kTime)[d];
    if (rounds + more < 1 || (more > 0 && bound == 1)) {
      return false;
    }
    rounds += more;
    std::int64_t others = 1;
    for (const DimArray& bounds : plan.bounds) {
      others *= bounds[d];
    }
    bound = ceil_div(size(dim), others / bound);
    settle(plan, space_, dim);
    return true;
  }

  const MapSpace& space_;
  Pricer& pricer_;
  std::vector<int> dims_;  // larger than 1
};

}  // namespace

MapResult stretch(const MapRequest& request) {
  const MapSpace space(*request.problem, *request.accelerator, request.constraints);
  Pricer pricer(request, space, request.max_evaluations);
  pricer.price(*request.start);
  Stretcher(space, pricer).run();
  return pricer.finish();
}

}  // namespace weft
