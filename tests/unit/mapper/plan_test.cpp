// Do plans stay mappings, whatever is done to them?
// SPDX-License-Identifier: Apache-2.0
#include "mapper/plan.hpp"

#include <set>

#include <gtest/gtest.h>

#include "dataflow/evaluate.hpp"
#include "dataflow/legality.hpp"
#include "dataflow/tile_extents.hpp"
#include "mapper/construct.hpp"
#include "mapper/improve.hpp"
#include "mapper/map_space.hpp"
#include "tests/support/generators.hpp"

namespace weft {
namespace {

TEST(UnionOfTwo, CountsWhatALoopCounts) {
  for (std::int64_t a = 1; a <= 5; ++a) {
    for (std::int64_t b = 1; b <= 5; ++b) {
      for (std::int64_t n = 1; n <= 6; ++n) {
        for (std::int64_t m = 1; m <= 6; ++m) {
          std::set<std::int64_t> values;
          for (std::int64_t i = 0; i < n; ++i) {
            for (std::int64_t j = 0; j < m; ++j) {
              values.insert(a * i + b * j);
            }
          }
          EXPECT_EQ(distinct_sums({0, a}, n, {1, b}, m), std::ssize(values))
              << a << " " << n << " " << b << " " << m;
        }
      }
    }
  }
}

// 56 = 2 x 30 leaves 4 of the last tile's 30 unused; 2 x 28 needs no more rounds and no waste.
TEST(Plan, BalancingEvensOutTheLastTile) {
  const Problem problem = make_gemm({.m = 56});
  Accelerator accelerator;
  accelerator.levels.resize(2);
  const MapSpace space(problem, accelerator);
  Plan plan = trivial_plan(space);
  const int m = problem.dim("M");
  plan.at(1, Slot::kTime)[static_cast<std::size_t>(m)] = 30;
  balance(plan, m, 56);
  EXPECT_EQ(plan.at(0, Slot::kTime)[static_cast<std::size_t>(m)], 2);
  EXPECT_EQ(plan.at(1, Slot::kTime)[static_cast<std::size_t>(m)], 28);
}

bool is_about_bounds(Reason reason) {
  return reason == Reason::kShape || reason == Reason::kCoverage || reason == Reason::kEmptyIterations ||
         reason == Reason::kAxisDims || reason == Reason::kFanOut || reason == Reason::kOutermostBypass ||
         reason == Reason::kCannotHold || reason == Reason::kCannotBypass;
}

// Only capacities may be in the way of a plan: everything else holds by construction.
TEST(Plan, RandomPlansAndTheirNeighboursKeepTheRules) {
  testing::for_each_seed(1, 150, [](std::uint64_t seed) {
    const testing::Triple triple = testing::random_triple(seed);
    const MapSpace space(triple.problem, triple.accelerator);
    Rng rng(seed);
    Plan plan = random_plan(space, rng);
    for (int move = 0; move < 40; ++move) {
      const auto rejection = check(to_mapping(plan, space), triple.problem, triple.accelerator);
      ASSERT_FALSE(rejection && is_about_bounds(rejection->reason))
          << explain(*rejection, triple.problem, triple.accelerator) << testing::describe(triple);
      plan = neighbour(plan, space, rng);
    }
  });
}

// The searches' own capacity check says what check() says.
TEST(Plan, FitsExactlyWhenCheckFindsRoom) {
  int fitting = 0;
  int full = 0;
  testing::for_each_seed(1, 300, [&](std::uint64_t seed) {
    const testing::Triple triple = testing::random_triple(seed);
    const MapSpace space(triple.problem, triple.accelerator);
    Rng rng(seed);
    Plan plan = random_plan(space, rng);
    for (int move = 0; move < 10; ++move) {
      plan = neighbour(plan, space, rng);
      const auto rejection = check(to_mapping(plan, space), triple.problem, triple.accelerator);
      const bool fitted = fits(plan, space, space.depth() - 1);
      ASSERT_EQ(fitted, !rejection || rejection->reason != Reason::kCapacity) << testing::describe(triple);
      (fitted ? fitting : full) += 1;
    }
  });
  EXPECT_GT(fitting, 100);
  EXPECT_GT(full, 100);
}

TEST(Construct, GrownPlansAreLegalWheneverTheirStartIs) {
  testing::for_each_seed(1, 100, [](std::uint64_t seed) {
    const testing::Triple triple = testing::random_triple(seed);
    const MapSpace space(triple.problem, triple.accelerator);
    for (Plan plan : spatial_plans(space, 6)) {
      const bool started = !check(to_mapping(plan, space), triple.problem, triple.accelerator);
      grow_tiles(plan, space, {});
      const auto rejection = check(to_mapping(plan, space), triple.problem, triple.accelerator);
      ASSERT_FALSE(started && rejection)
          << explain(*rejection, triple.problem, triple.accelerator) << testing::describe(triple);
    }
  });
}

}  // namespace
}  // namespace weft
