// What an optimum cannot do: get worse when a constraint goes, a buffer grows or a port gets faster. And what
// its bound must not do: exceed the cost of any mapping. SPDX-License-Identifier: Apache-2.0
#include "mapper/exact/exact.hpp"

#include <algorithm>
#include <functional>
#include <optional>

#include <gtest/gtest.h>

#include "energy_model/energy.hpp"
#include "mapper/constraints.hpp"
#include "tests/support/generators.hpp"
#include "tests/support/small_cases.hpp"

namespace weft {
namespace {

using testing::SmallCase;

constexpr double kMost = 6000;  // mappings of a case

class Exact : public ::testing::Test {
 protected:
  MapRequest request_of(const SmallCase& one, Objective objective = Objective::kEdp) {
    MapRequest request;
    request.problem = &one.problem;
    request.accelerator = &one.accelerator;
    request.table = &table_;
    request.objective = objective;
    return request;
  }
  static MapResult solve(const MapRequest& request) {
    return exact::solve(request, {.rules = {}, .seed_evaluations = 0, .polish_evaluations = 0});
  }
  void each(std::uint64_t first, int count, const std::function<void(std::uint64_t, SmallCase&)>& test) {
    testing::for_each_seed(first, count, [&](std::uint64_t seed) {
      if (std::optional<SmallCase> one = testing::small_case(seed, kMost)) {
        test(seed, *one);
      }
    });
  }

  EnergyTable table_ = EnergyTable::load("default_45nm");
};

// A rule or two about one level.
Constraints random_rules(Rng& rng, const SmallCase& one) {
  Constraints rules = no_constraints(one.accelerator);
  for (int count = 0; count < 2; ++count) {
    LevelRules& level = rules.levels[static_cast<std::size_t>(rng.uniform(0, one.accelerator.depth() - 1))];
    const auto dim = static_cast<std::size_t>(rng.uniform(0, one.problem.rank() - 1));
    switch (rng.uniform(0, 4)) {
      case 0:
        level.temporal[dim].high = rng.uniform(1, 4);
        break;
      case 1:
        level.spatial[rng.chance(0.5) ? 0 : 1][dim].high = 1;
        break;
      case 2:
        level.extent[dim].high = rng.uniform(1, 8);
        break;
      case 3:
        level.place[dim] = rng.chance(0.5) ? -1 : 1;
        break;
      default:
        rules.perfect = true;
    }
  }
  return rules;
}

TEST_F(Exact, RemovingAConstraintNeverHurts) {
  each(1, 160, [&](std::uint64_t seed, SmallCase& one) {
    Rng rng(seed);
    const Constraints rules = random_rules(rng, one);
    MapRequest request = request_of(one);
    const MapResult free = solve(request);
    request.constraints = &rules;
    const MapResult bound = solve(request);
    if (bound.mapping) {
      ASSERT_TRUE(free.mapping) << "seed " << seed;
      EXPECT_LE(free.cost, bound.cost) << "seed " << seed;
      EXPECT_FALSE(violates(rules, *bound.mapping, one.problem, one.accelerator)) << "seed " << seed;
    }
  });
}

// Energies stated by the file: a larger memory is not a dearer one.
void state_energies(Accelerator& accelerator) {
  for (StorageLevel& level : accelerator.levels) {
    for (Memory& memory : level.memories) {
      memory.energy = {Picojoules(1), Picojoules(1), Picojoules(1), Picojoules(1), Picojoules(0.01)};
    }
    level.fanout.energy_per_word = Picojoules(0.1);
  }
  accelerator.compute.energy = Picojoules(0.2);
  accelerator.compute.leak = Picojoules(0);
}

TEST_F(Exact, ALargerBufferNeverHurts) {
  each(10001, 160, [&](std::uint64_t seed, SmallCase& one) {
    Rng rng(seed);
    state_energies(one.accelerator);
    const MapResult before = solve(request_of(one));
    StorageLevel& level =
        one.accelerator
            .levels[static_cast<std::size_t>(rng.uniform(1, std::max(1, one.accelerator.depth() - 1)))];
    Memory& memory = level.memories[static_cast<std::size_t>(
        rng.uniform(0, static_cast<std::int64_t>(level.memories.size()) - 1))];
    if (memory.capacity) {
      memory.capacity = Bits(memory.capacity->count() * 2);
    }
    const MapResult after = solve(request_of(one));
    if (before.mapping) {
      ASSERT_TRUE(after.mapping) << "seed " << seed;
      EXPECT_LE(after.cost, before.cost) << "seed " << seed;
    }
  });
}

// For the time alone: ramps are scheduled in the order of requests, where one faster port may let a long load
// go first.
TEST_F(Exact, MoreBandwidthNeverHurtsWithoutRamps) {
  each(20001, 160, [&](std::uint64_t seed, SmallCase& one) {
    Rng rng(seed);
    MapRequest request = request_of(one, Objective::kLatency);
    request.model.ramps = Ramps::kIgnore;
    const MapResult before = solve(request);
    StorageLevel& level =
        one.accelerator.levels[static_cast<std::size_t>(rng.uniform(0, one.accelerator.depth() - 1))];
    for (Memory& memory : level.memories) {
      for (std::optional<BitsPerCycle>* port :
           {&memory.read_bandwidth, &memory.write_bandwidth, &memory.shared_bandwidth}) {
        if (*port) {
          *port = BitsPerCycle(2 * (*port)->count());
        }
      }
    }
    const MapResult after = solve(request);
    if (before.mapping) {
      ASSERT_TRUE(after.mapping) << "seed " << seed;
      EXPECT_LE(after.cost, before.cost) << "seed " << seed;
    }
  });
}

// Side-by-side memories in another order are the same machine.
TEST_F(Exact, OrderOfMemoriesDoesNotMatter) {
  each(30001, 160, [&](std::uint64_t seed, SmallCase& one) {
    const MapResult before = solve(request_of(one));
    for (StorageLevel& level : one.accelerator.levels) {
      std::reverse(level.memories.begin(), level.memories.end());
    }
    const MapResult after = solve(request_of(one));
    ASSERT_EQ(before.mapping.has_value(), after.mapping.has_value()) << "seed " << seed;
    if (before.mapping) {
      EXPECT_DOUBLE_EQ(before.cost, after.cost) << "seed " << seed;
    }
  });
}

// The bound that needs no search is below the optimum of every even space.
TEST_F(Exact, GeneralBoundIsBelowTheOptimum) {
  each(40001, 160, [&](std::uint64_t seed, SmallCase& one) {
    const MapRequest request = request_of(one);
    const MapResult best = solve(request);
    if (best.mapping) {
      const Bound bound = lower_bound(request);
      EXPECT_LE(bound.cost(request.objective, one.accelerator.clock), best.cost) << "seed " << seed;
    }
  });
}

}  // namespace
}  // namespace weft
