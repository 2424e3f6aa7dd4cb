// Are fronts, ranks and knees what their definitions say?
// SPDX-License-Identifier: Apache-2.0
#include "dse/pareto.hpp"

#include <cmath>

#include <gtest/gtest.h>

#include "base/rng.hpp"

namespace weft {
namespace {

std::vector<Objectives> random_points(std::uint64_t seed, std::size_t count) {
  Rng rng(seed);
  std::vector<Objectives> points;
  for (std::size_t i = 0; i < count; ++i) {
    // Small integers: ties and duplicates happen.
    points.push_back({static_cast<double>(rng.uniform(0, 6)), static_cast<double>(rng.uniform(0, 6)),
                      static_cast<double>(rng.uniform(0, 6))});
  }
  return points;
}

TEST(Pareto, DominationNeedsOneStrictlyBetter) {
  EXPECT_TRUE(dominates({1, 2}, {1, 3}));
  EXPECT_FALSE(dominates({1, 2}, {1, 2}));
  EXPECT_FALSE(dominates({1, 3}, {2, 2}));
}

TEST(Pareto, RankIsOneMoreThanTheWorstDominator) {
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    const auto points = random_points(seed, 60);
    const auto ranks = non_dominated_ranks(points);
    for (std::size_t i = 0; i < points.size(); ++i) {
      int worst = -1;
      for (std::size_t j = 0; j < points.size(); ++j) {
        worst = dominates(points[j], points[i]) ? std::max(worst, ranks[j]) : worst;
      }
      EXPECT_EQ(ranks[i], worst + 1);
    }
  }
}

TEST(Pareto, FrontIsRankZero) {
  const auto points = random_points(7, 80);
  const auto ranks = non_dominated_ranks(points);
  std::vector<std::size_t> zero;
  for (std::size_t i = 0; i < points.size(); ++i) {
    if (ranks[i] == 0) {
      zero.push_back(i);
    }
  }
  EXPECT_EQ(pareto_front(points), zero);
}

// On a line of five equal steps: the ends are infinite, each inner point has (2 steps of 4)/4 in both
// objectives: 0.5 + 0.5.
TEST(Pareto, CrowdingOfAnEvenLine) {
  const std::vector<Objectives> points = {{0, 4}, {1, 3}, {2, 2}, {3, 1}, {4, 0}};
  const auto distance = crowding(points, {0, 0, 0, 0, 0});
  EXPECT_TRUE(std::isinf(distance[0]) && std::isinf(distance[4]));
  for (const std::size_t i : {1, 2, 3}) {
    EXPECT_DOUBLE_EQ(distance[i], 1.0);
  }
}

// Scaled to the front: (0,1), (0.1,0.2), (1,0). Distances 1, sqrt(0.05), 1. The dominated (5,50) does not
// count.
TEST(Pareto, KneeIsClosestToTheIdealPoint) {
  const std::vector<Objectives> points = {{0, 10}, {1, 2}, {5, 50}, {10, 0}};
  const auto front = pareto_front(points);
  EXPECT_EQ(front, (std::vector<std::size_t>{0, 1, 3}));
  EXPECT_EQ(knee_of(points, front), 1U);
}

TEST(Pareto, KneeOfOnePointIsThatPoint) {
  EXPECT_EQ(knee_of({{3, 3}}, {0}), 0U);
}

}  // namespace
}  // namespace weft
