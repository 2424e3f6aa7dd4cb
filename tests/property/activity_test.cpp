// Do the shares of the units add up to the MACs, and is each unit's share that of running through all loops?
// SPDX-License-Identifier: Apache-2.0
#include "dataflow/activity.hpp"

#include <map>
#include <numeric>

#include <gtest/gtest.h>

#include "dataflow/steps.hpp"
#include "tests/support/generators.hpp"

namespace weft {
namespace {

using testing::Triple;

// A loop of the nest, outermost first, with its stride in its dim and, if spatial, in the array.
struct Flat {
  int dim = 0;
  std::int64_t bound = 1, stride = 1, step_x = 0, step_y = 0;
};

std::vector<Flat> flat(const Triple& t) {
  std::vector<Flat> loops;
  std::vector<std::int64_t> stride(t.problem.dims.size(), 1);
  std::int64_t x = 1, y = 1;
  for (std::size_t level = t.mapping.levels.size(); level-- > 0;) {
    const LevelMapping& at = t.mapping.levels[level];
    std::int64_t own_x = x, own_y = y;
    for (auto loop = at.spatial.rbegin(); loop != at.spatial.rend(); ++loop) {
      auto& own = stride[static_cast<std::size_t>(loop->dim)];
      const bool along_x = loop->axis == Axis::kX;
      loops.insert(loops.begin(), {loop->dim, loop->bound, own, along_x ? own_x : 0, along_x ? 0 : own_y});
      own *= loop->bound;
      (along_x ? own_x : own_y) *= loop->bound;
    }
    for (auto loop = at.temporal.rbegin(); loop != at.temporal.rend(); ++loop) {
      auto& own = stride[static_cast<std::size_t>(loop->dim)];
      loops.insert(loops.begin(), {loop->dim, loop->bound, own, 0, 0});
      own *= loop->bound;
    }
    x *= t.accelerator.levels[level].fanout.x;
    y *= t.accelerator.levels[level].fanout.y;
  }
  return loops;
}

// MACs by unit, counted one by one.
void run(const Triple& t, const std::vector<Flat>& loops, std::size_t depth, std::vector<std::int64_t>& index,
         std::int64_t x, std::int64_t y,
         std::map<std::pair<std::int64_t, std::int64_t>, std::int64_t>& macs) {
  if (depth == loops.size()) {
    for (std::size_t dim = 0; dim < index.size(); ++dim) {
      if (index[dim] >= t.problem.dims[dim].size) {
        return;
      }
    }
    ++macs[{x, y}];
    return;
  }
  const Flat& loop = loops[depth];
  auto& own = index[static_cast<std::size_t>(loop.dim)];
  const std::int64_t before = own;
  for (std::int64_t digit = 0; digit < loop.bound; ++digit) {
    run(t, loops, depth + 1, index, x + digit * loop.step_x, y + digit * loop.step_y, macs);
    own += loop.stride;
  }
  own = before;
}

TEST(Activity, IsThatOfRunningThroughAllLoops) {
  testing::for_each_seed(1, 150, [](std::uint64_t seed) {
    const Triple t = testing::random_triple(seed, {.max_macs = 3000});
    const Activity array = activity(t.mapping, t.problem, t.accelerator);
    ASSERT_EQ(array.iterations, temporal_iterations(Nest(t.mapping, t.problem))) << testing::describe(t);
    std::map<std::pair<std::int64_t, std::int64_t>, std::int64_t> counted;
    std::vector<std::int64_t> index(t.problem.dims.size(), 0);
    run(t, flat(t), 0, index, 0, 0, counted);
    const double sum = std::accumulate(array.share.begin(), array.share.end(), 0.0);
    if (array.x == array.cells_x && array.y == array.cells_y) {
      EXPECT_NEAR(sum * static_cast<double>(array.iterations), static_cast<double>(macs(t.problem)), 1e-6)
          << testing::describe(t);
      for (std::int64_t y = 0; y < array.y; ++y) {
        for (std::int64_t x = 0; x < array.x; ++x) {
          const double share = array.share[static_cast<std::size_t>(y * array.cells_x + x)];
          ASSERT_NEAR(share * static_cast<double>(array.iterations), static_cast<double>(counted[{x, y}]),
                      1e-6)
              << "unit " << x << ", " << y << "\n"
              << testing::describe(t);
        }
      }
    }
  });
}

// 7 output channels on 4 units in two rounds: the last unit idles in the second. 70 units of a row share
// cells of three, the last cell has one.
TEST(Activity, PartialRoundsAndLargeArrays) {
  Triple t = testing::random_triple(1);
  t.problem = make_gemm({.name = "small", .m = 7, .n = 1, .k = 2});
  t.accelerator.levels.resize(1);
  t.accelerator.levels[0].fanout.x = 70;
  t.accelerator.levels[0].fanout.y = 1;
  t.mapping = empty_mapping(t.accelerator);
  const int m = t.problem.dim("M"), k = t.problem.dim("K");
  t.mapping.levels[0].temporal = {{m, 2}, {k, 2}};
  t.mapping.levels[0].spatial = {{m, 4, Axis::kX}};
  const Activity array = activity(t.mapping, t.problem, t.accelerator);
  ASSERT_EQ(array.cells_x, 24);
  EXPECT_EQ(array.iterations, 4);
  EXPECT_DOUBLE_EQ(array.share[0], 1);        // units 0, 1, 2
  EXPECT_DOUBLE_EQ(array.share[1], 0.5 / 3);  // unit 3 works in one of two rounds
  EXPECT_DOUBLE_EQ(array.share[2], 0);
}

}  // namespace
}  // namespace weft
