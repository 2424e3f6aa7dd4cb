// Do parts of a problem find room beside each other exactly where some arrangement of them fits?
// SPDX-License-Identifier: Apache-2.0
#include "mapper/exact/axes.hpp"

#include <algorithm>
#include <functional>
#include <limits>

#include <gtest/gtest.h>

#include "tests/support/generators.hpp"
#include "workload/problem.hpp"

namespace weft::exact {
namespace {

using Parts = std::vector<AxisShares>;

Parts random_parts(Rng& rng) {
  Parts parts(static_cast<std::size_t>(rng.uniform(1, 4)));
  for (AxisShares& shares : parts) {
    const std::int64_t instances = rng.uniform(1, 12);
    for (std::int64_t columns = 1; columns <= instances; ++columns) {
      if (instances % columns == 0 && (rng.chance(0.7) || columns == instances)) {
        shares.push_back({{columns, instances / columns}, {columns, 1}, {instances / columns, 1}});
      }
    }
  }
  return parts;
}

// Fewest hops of all arrangements, tried one by one; none: no room.
std::optional<std::int64_t> fewest_hops(const Parts& parts, const Rectangle& sides) {
  std::optional<std::int64_t> fewest;
  const std::function<void(std::size_t, Rectangle)> next = [&](std::size_t part, Rectangle taken) {
    if (part < parts.size()) {
      for (const AxisShare& share : parts[part]) {
        next(part + 1, {taken.columns * share.sides.columns, taken.rows * share.sides.rows});
      }
    } else if (taken.columns <= sides.columns && taken.rows <= sides.rows) {
      const std::int64_t hops = taken.columns + taken.rows - 2;
      fewest = std::min(fewest.value_or(hops), hops);
    }
  };
  next(0, {});
  return fewest;
}

TEST(Axes, ArrangesWithTheFewestHopsWhereverThereIsRoom) {
  int roomy = 0;
  testing::for_each_seed(1, 2000, [&](std::uint64_t seed) {
    Rng rng(seed);
    const Parts parts = random_parts(rng);
    const Rectangle sides{rng.uniform(1, 16), rng.uniform(1, 16)};
    const auto chosen = arrange(parts, sides);
    const std::optional<std::int64_t> fewest = fewest_hops(parts, sides);
    ASSERT_EQ(chosen.has_value(), fewest.has_value()) << "seed " << seed;
    if (chosen) {
      Rectangle taken;
      for (std::size_t part = 0; part < parts.size(); ++part) {
        taken.columns *= parts[part][(*chosen)[part]].sides.columns;
        taken.rows *= parts[part][(*chosen)[part]].sides.rows;
      }
      EXPECT_LE(taken.columns, sides.columns);
      EXPECT_LE(taken.rows, sides.rows);
      EXPECT_EQ(taken.columns + taken.rows - 2, *fewest) << "seed " << seed;
      ++roomy;
    }
  });
  EXPECT_GT(roomy, 500);
  EXPECT_LT(roomy, 1900);
}

// Results of Eyeriss hop up its columns: the array's hops out.
TEST(Axes, PackingKnowsRoomAndHopsOfAllThatIsPlaced) {
  const Accelerator accelerator = load_accelerator("eyeriss");
  const Problem problem = make_conv({.in_h = 16, .in_w = 16, .kernel_h = 3, .kernel_w = 3});
  const MapSpace space(problem, accelerator);
  const AxesAlike alike = axes_alike(space);
  ASSERT_TRUE(alike[1]);
  const FanOut& fanout = accelerator.levels[1].fanout;
  testing::for_each_seed(5001, 1000, [&](std::uint64_t seed) {
    Rng rng(seed);
    const Parts parts = random_parts(rng);
    Packing packing(space, alike);
    double instances = 1;
    for (std::size_t part = 0; part < parts.size(); ++part) {
      std::vector<Rectangles> rectangles(accelerator.levels.size());
      for (const AxisShare& share : parts[part]) {
        rectangles[1].push_back(share.sides);
      }
      instances *= static_cast<double>(parts[part][0].sides.columns * parts[part][0].sides.rows);
      const Parts so_far(parts.begin(), parts.begin() + static_cast<std::ptrdiff_t>(part) + 1);
      const auto fewest = fewest_hops(so_far, {fanout.x, fanout.y});
      const std::optional<Packed> packed = packing.with(rectangles);
      ASSERT_EQ(packed.has_value(), fewest.has_value()) << "seed " << seed;
      if (!packed) {
        return;
      }
      EXPECT_EQ(packed->hops_out, static_cast<double>(*fewest)) << "seed " << seed;
      EXPECT_EQ(packed->hops_in, 0);
      EXPECT_GE(packed->units, instances);
      packing.place(rectangles);
      EXPECT_EQ(packing.closed().units, instances);
      EXPECT_EQ(packing.open().units, packed->units);
    }
  });
}

}  // namespace
}  // namespace weft::exact
