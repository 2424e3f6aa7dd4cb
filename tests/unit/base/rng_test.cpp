// Are random numbers the same everywhere, in range and even?
// SPDX-License-Identifier: Apache-2.0
#include "base/rng.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <limits>
#include <numeric>
#include <vector>

#include <gtest/gtest.h>

namespace weft {
namespace {

TEST(Rng, GivesTheSameNumbersOnEveryMachine) {
  // From the authors' C sources (splitmix64.c, then xoshiro256starstar.c) run in Python's integers.
  Rng rng(42);
  const std::array<std::uint64_t, 4> expected = {0x15780B2E0C2EC716ULL, 0x6104D9866D113A7EULL,
                                                 0xAE17533239E499A1ULL, 0xECB8AD4703B360A1ULL};
  for (const std::uint64_t value : expected) {
    EXPECT_EQ(rng.next(), value);
  }
}

TEST(Rng, ForksAreReproducibleAndDiffer) {
  const Rng parent(7);
  Rng a = parent.fork(1);
  Rng again = parent.fork(1);
  Rng b = parent.fork(2);
  Rng itself = parent;
  const std::uint64_t first = a.next();
  EXPECT_EQ(first, again.next());
  EXPECT_NE(first, b.next());
  EXPECT_NE(first, itself.next());
}

TEST(Rng, CoversItsRangeEvenly) {
  Rng rng(3);
  constexpr int kDraws = 60'000;
  std::array<int, 6> seen{};
  double sum = 0;
  for (int i = 0; i < kDraws; ++i) {
    const std::int64_t value = rng.uniform(-2, 3);
    ASSERT_GE(value, -2);
    ASSERT_LE(value, 3);
    ++seen[static_cast<std::size_t>(value + 2)];
    const double unit = rng.unit();
    ASSERT_GE(unit, 0.0);
    ASSERT_LT(unit, 1.0);
    sum += unit;
  }
  // 10000 expected each; six standard deviations are 6 * sqrt(60000 * 1/6 * 5/6) = 548.
  for (const int count : seen) {
    EXPECT_NEAR(count, 10'000, 548);
  }
  EXPECT_NEAR(sum / kDraws, 0.5, 0.01);
}

TEST(Rng, HandlesTheWidestAndNarrowestRanges) {
  Rng rng(5);
  EXPECT_EQ(rng.uniform(9, 9), 9);
  constexpr auto kLow = std::numeric_limits<std::int64_t>::min();
  constexpr auto kHigh = std::numeric_limits<std::int64_t>::max();
  bool negative = false;
  bool positive = false;
  for (int i = 0; i < 64; ++i) {
    const std::int64_t value = rng.uniform(kLow, kHigh);
    negative = negative || value < 0;
    positive = positive || value > 0;
  }
  EXPECT_TRUE(negative && positive);
}

TEST(Rng, ShufflesKeepTheItems) {
  Rng rng(8);
  std::vector<int> items(50);
  std::iota(items.begin(), items.end(), 0);
  std::vector<int> shuffled = items;
  rng.shuffle(shuffled);
  EXPECT_NE(shuffled, items);
  std::sort(shuffled.begin(), shuffled.end());
  EXPECT_EQ(shuffled, items);
}

}  // namespace
}  // namespace weft
