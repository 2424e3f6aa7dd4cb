// Are rank inversions counted as defined? SPDX-License-Identifier: Apache-2.0
#include "dse/resimulate.hpp"

#include <gtest/gtest.h>

namespace weft {
namespace {

Resimulation of(const std::vector<std::pair<double, double>>& times) {
  Resimulation all;
  for (const auto& [model, simulated] : times) {
    ResimulatedDesign design;
    design.model_s = model;
    design.simulated_s = simulated;
    all.designs.push_back(design);
  }
  count_inversions(all);
  return all;
}

TEST(Inversions, ArePairsThatChangePlaces) {
  EXPECT_EQ(of({{1, 1}, {2, 2}, {3, 3}}).inversions, 0);
  EXPECT_EQ(of({{1, 3}, {2, 2}, {3, 1}}).inversions, 3);
  EXPECT_EQ(of({{1, 2}, {2, 1}, {3, 4}}).inversions, 1);  // 1 2 | 1 3 | 2 3
  EXPECT_EQ(of({{1, 2}, {2, 1}, {3, 4}}).pairs, 3);
}

TEST(Inversions, EqualTimesHaveNoOrderToLose) {
  const Resimulation all = of({{1, 1}, {1, 2}, {2, 2}});
  EXPECT_EQ(all.pairs, 2);
  EXPECT_EQ(all.inversions, 0);
  EXPECT_EQ(of({}).pairs, 0);
}

}  // namespace
}  // namespace weft
