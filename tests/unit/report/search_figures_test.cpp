// Do the figures about a search mean what they say?
// SPDX-License-Identifier: Apache-2.0
#include <cmath>

#include <gtest/gtest.h>

#include "report/hypervolume.hpp"
#include "report/importance.hpp"

namespace weft::report {
namespace {

TEST(FrontGrowth, OnePointDominatesItsBox) {
  // (0.25, 0.5) dominates 0.75 * 0.5 = 0.375 of the unit square; standard error 0.5 / 256 = 0.002.
  const auto curve = progress_of({{0.25, 0.5}}, 65536, 7);
  ASSERT_EQ(curve.size(), 1U);
  EXPECT_EQ(curve[0].evaluations, 1U);
  EXPECT_EQ(curve[0].front, 1U);
  EXPECT_NEAR(curve[0].hypervolume, 0.375, 0.01);
}

TEST(FrontGrowth, NeverFallsAndSkipsWhatChangesNothing) {
  // The second is dominated, the third has no result, the fourth trades, the fifth dominates all others.
  const auto curve =
      progress_of({{0.5, 0.5}, {0.6, 0.6}, {}, {0.25, 0.75}, {0.1, 0.1}, {0.9, 0.9}}, 65536, 7);
  ASSERT_EQ(curve.size(), 4U);
  EXPECT_EQ(curve[0].evaluations, 1U);
  EXPECT_EQ(curve[1].evaluations, 4U);
  EXPECT_EQ(curve[1].front, 2U);
  // 0.25 of the first, and 0.25 wide x 0.25 high more of the fourth.
  EXPECT_NEAR(curve[1].hypervolume, 0.3125, 0.01);
  EXPECT_EQ(curve[2].front, 1U);
  EXPECT_NEAR(curve[2].hypervolume, 0.81, 0.01);
  EXPECT_EQ(curve[3].evaluations, 6U);
  EXPECT_EQ(curve[3].hypervolume, curve[2].hypervolume);
}

TEST(FrontGrowth, NothingIsNothing) {
  EXPECT_TRUE(progress_of({}, 100, 1).empty());
  const auto curve = progress_of({{}, {}}, 100, 1);
  ASSERT_EQ(curve.size(), 1U);
  EXPECT_EQ(curve[0].front, 0U);
  EXPECT_EQ(curve[0].hypervolume, 0);
}

TEST(Importance, AFigureThatOnlyTheGroupDecidesIsExplainedWholly) {
  EXPECT_DOUBLE_EQ(explained_share({1, 1, 5, 5}, {0, 0, 1, 1}).value(), 1);
}

TEST(Importance, IsCorrectedForTheNumberOfGroups) {
  // Group means 1.5 and 3.5, mean 2.5: SSB = 4 * 1 = 4, SST = 2.25 + 0.25 + 0.25 + 2.25 = 5, SSW = 1,
  // MSW = 1 / (4 - 2) = 0.5: (4 - 1 * 0.5) / 5 = 0.7.
  EXPECT_DOUBLE_EQ(explained_share({1, 2, 3, 4}, {0, 0, 1, 1}).value(), 0.7);
  // Equal means: SSB = 0, the share would be below 0.
  EXPECT_DOUBLE_EQ(explained_share({1, 4, 2, 3}, {0, 0, 1, 1}).value(), 0);
}

TEST(Importance, SaysNothingWhereNothingCanBeSaid) {
  EXPECT_FALSE(explained_share({1, 2, 3}, {0, 0, 0}));
  EXPECT_FALSE(explained_share({1, 2}, {0, 1}));
  EXPECT_FALSE(explained_share({2, 2, 2}, {0, 1, 1}));
}

}  // namespace
}  // namespace weft::report
