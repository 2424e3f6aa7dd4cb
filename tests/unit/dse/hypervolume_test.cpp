// Is the measure of a front the volume that it dominates?
// SPDX-License-Identifier: Apache-2.0
#include "dse/hypervolume.hpp"

#include <gtest/gtest.h>

#include "base/rng.hpp"

namespace weft {
namespace {

// Unit cells of a grid whose upper corner some point dominates.
double counted(const std::vector<Objectives>& points, int size, std::size_t objectives) {
  double cells = 0;
  std::vector<int> cell(objectives, 0);
  for (;;) {
    for (const Objectives& point : points) {
      bool inside = true;
      for (std::size_t i = 0; i < objectives; ++i) {
        inside = inside && point[i] <= cell[i];
      }
      if (inside) {
        ++cells;
        break;
      }
    }
    std::size_t digit = 0;
    while (digit < objectives && ++cell[digit] == size) {
      cell[digit++] = 0;
    }
    if (digit == objectives) {
      return cells;
    }
  }
}

TEST(Hypervolume, IsTheNumberOfCellsDominated) {
  Rng rng(9);
  for (std::size_t objectives = 1; objectives <= 4; ++objectives) {
    for (int trial = 0; trial < 20; ++trial) {
      std::vector<Objectives> points(static_cast<std::size_t>(rng.uniform(0, 12)), Objectives(objectives));
      for (Objectives& point : points) {
        for (double& value : point) {
          value = static_cast<double>(rng.uniform(0, 7));  // 7: outside the box of 6
        }
      }
      EXPECT_DOUBLE_EQ(hypervolume(points, Objectives(objectives, 6)), counted(points, 6, objectives));
    }
  }
}

TEST(Hypervolume, PointsOutsideTheBoxAddNothing) {
  EXPECT_EQ(hypervolume({{0, 6}, {7, 0}}, {6, 6}), 0);
  EXPECT_EQ(hypervolume({{1, 1}, {0, 9}}, {2, 2}), 1);
}

}  // namespace
}  // namespace weft
