// SPDX-License-Identifier: Apache-2.0
#include "tests/support/brute_force.hpp"

#include <algorithm>

#include "energy_model/energy.hpp"

namespace weft::testing {

BruteForce::BruteForce(const Problem& problem, const Accelerator& accelerator)
    : problem_(problem), accelerator_(accelerator) {
  for (int dim = 0; dim < problem.rank(); ++dim) {
    splits_.emplace_back();
    Split none(accelerator.levels.size(), {1, 1, 1});
    split(dim, accelerator.depth() - 1, problem.size(dim), none);
  }
}

// From the innermost level out: any temporal bound that divides what is left; any spatial one that no smaller
// one could replace.
void BruteForce::split(int dim, int level, std::int64_t left, Split& so_far) {
  if (level < 0) {
    if (left == 1) {
      splits_.back().push_back(so_far);
      take_all_in(problem_.size(dim), so_far);
    }
    return;
  }
  const auto l = static_cast<std::size_t>(level);
  const FanOut& fanout = accelerator_.levels[l].fanout;
  const auto rounds = [](std::int64_t size, std::int64_t units) { return (size + units - 1) / units; };
  for (std::int64_t y = 1; y <= fanout.y; ++y) {
    for (std::int64_t x = 1; x <= fanout.x; ++x) {
      const std::int64_t after_y = rounds(left, y);
      const std::int64_t after = rounds(after_y, x);
      const bool wasted =
          (y > 1 && rounds(left, y - 1) == after_y) || (x > 1 && rounds(after_y, x - 1) == after);
      const bool allowed = (x == 1 || may_spread(problem_, dim, fanout.allowed_dims[0])) &&
                           (y == 1 || may_spread(problem_, dim, fanout.allowed_dims[1]));
      for (std::int64_t time = 1; allowed && !wasted && time <= after; ++time) {
        if (after % time == 0) {
          so_far[l] = {time, x, y};
          split(dim, level - 1, after / time, so_far);
        }
      }
    }
  }
  so_far[l] = {1, 1, 1};
}

// What the fan-outs leave of a dim may all stand at the innermost level, divide or not.
void BruteForce::take_all_in(std::int64_t size, Split one) {
  const auto rounds = [](std::int64_t all, std::int64_t units) { return (all + units - 1) / units; };
  for (std::size_t level = 1; level < one.size(); ++level) {
    if (one[level][0] > 1) {
      return;
    }
  }
  if (one.size() > 1 && rounds(size, one.back()[1] * one.back()[2]) % one.front()[0] != 0) {
    std::swap(one.front()[0], one.back()[0]);
    splits_.back().push_back(one);
  }
}

double BruteForce::mappings() const {
  // Orders are counted as if every dim had a loop at every level but those that are never there.
  double count = 0;
  std::vector<const Split*> chosen;
  const std::function<void(std::size_t)> next = [&](std::size_t dim) {
    if (count > 1e7) {
      return;
    }
    if (dim == splits_.size()) {
      double orders = 1;
      for (std::size_t level = 0; level < accelerator_.levels.size(); ++level) {
        double loops = 0;
        for (const Split* one : chosen) {
          if ((*one)[level][0] > 1) {
            orders *= ++loops;
          }
        }
        for (const Role role : kAllRoles) {
          const bool free = accelerator_.levels[level].may_bypass[static_cast<std::size_t>(index_of(role))];
          orders *= free && accelerator_.levels[level].memory_for(role) != nullptr ? 2 : 1;
        }
      }
      count += orders;
      return;
    }
    for (const Split& one : splits_[dim]) {
      chosen.push_back(&one);
      next(dim + 1);
      chosen.pop_back();
    }
  };
  double product = 1;
  for (const auto& of_dim : splits_) {
    product *= static_cast<double>(of_dim.size());
  }
  if (product > 1e6) {
    return product;
  }
  next(0);
  return count;
}

void BruteForce::each(const std::function<void(const Mapping&)>& visit) const {
  std::vector<const Split*> chosen;
  choose_split(0, chosen, visit);
}

void BruteForce::choose_split(std::size_t dim, std::vector<const Split*>& chosen,
                              const std::function<void(const Mapping&)>& visit) const {
  if (dim == splits_.size()) {
    Mapping mapping;
    mapping.levels.resize(accelerator_.levels.size());
    choose_keep(0, mapping, chosen, visit);
    return;
  }
  for (const Split& one : splits_[dim]) {
    chosen.push_back(&one);
    choose_split(dim + 1, chosen, visit);
    chosen.pop_back();
  }
}

void BruteForce::choose_keep(std::size_t level, Mapping& mapping, const std::vector<const Split*>& chosen,
                             const std::function<void(const Mapping&)>& visit) const {
  if (level == mapping.levels.size()) {
    choose_order(0, mapping, visit);
    return;
  }
  LevelMapping& here = mapping.levels[level];
  here.temporal.clear();
  here.spatial.clear();
  for (std::size_t d = 0; d < chosen.size(); ++d) {
    if ((*chosen[d])[level][0] > 1) {
      here.temporal.push_back({static_cast<int>(d), (*chosen[d])[level][0]});
    }
  }
  for (const std::size_t slot : {1U, 2U}) {
    for (std::size_t d = 0; d < chosen.size(); ++d) {
      if ((*chosen[d])[level][slot] > 1) {
        here.spatial.push_back(
            {static_cast<int>(d), (*chosen[d])[level][slot], slot == 1 ? Axis::kX : Axis::kY});
      }
    }
  }
  const StorageLevel& storage = accelerator_.levels[level];
  for (unsigned choice = 0; choice < 8; ++choice) {
    bool possible = true;
    for (const Role role : kAllRoles) {
      const auto r = static_cast<std::size_t>(index_of(role));
      const bool kept = ((choice >> r) & 1U) != 0;
      const bool holds = storage.memory_for(role) != nullptr;
      const bool may = level > 0 && storage.may_bypass[r];
      possible = possible && (kept ? holds : !holds || may);
      here.keep[r] = kept;
    }
    if (possible) {
      choose_keep(level + 1, mapping, chosen, visit);
    }
  }
}

void BruteForce::choose_order(std::size_t level, Mapping& mapping,
                              const std::function<void(const Mapping&)>& visit) const {
  if (level == mapping.levels.size()) {
    visit(mapping);
    return;
  }
  std::vector<Loop>& loops = mapping.levels[level].temporal;
  const auto by_dim = [](const Loop& a, const Loop& b) { return a.dim < b.dim; };
  std::sort(loops.begin(), loops.end(), by_dim);
  do {
    choose_order(level + 1, mapping, visit);
  } while (std::next_permutation(loops.begin(), loops.end(), by_dim));
}

std::optional<double> BruteForce::least(const MapRequest& request) const {
  const CostModel costs = make_cost_model(accelerator_, *request.table, problem_);
  std::optional<double> best;
  each([&](const Mapping& mapping) {
    if (check(mapping, problem_, accelerator_)) {
      return;
    }
    const Evaluation evaluation = evaluate(mapping, problem_, accelerator_, request.model);
    const std::int64_t cycles = evaluation.timing.cycles;
    const double cost =
        objective_value(request.objective, energy(evaluation.counts, accelerator_, costs, cycles).total,
                        cycles, accelerator_.clock);
    best = best ? std::min(*best, cost) : cost;
  });
  return best;
}

}  // namespace weft::testing
