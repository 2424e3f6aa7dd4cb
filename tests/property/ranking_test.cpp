// Does the closed form of quick-select say what drawing pivots one by one gives?
// SPDX-License-Identifier: Apache-2.0
#include "workload/ranking.hpp"

#include <map>
#include <utility>

#include <gtest/gtest.h>

namespace weft {
namespace {

// Scores looked at and passes, by the recurrence over the pivot's rank.
SelectWork by_recurrence(std::int64_t n, std::int64_t k,
                         std::map<std::pair<std::int64_t, std::int64_t>, SelectWork>& known) {
  const auto found = known.find({n, k});
  if (found != known.end()) {
    return found->second;
  }
  SelectWork work{static_cast<double>(n), 1};
  for (std::int64_t pivot = 1; pivot <= n; ++pivot) {
    if (pivot != k) {
      const SelectWork rest =
          pivot > k ? by_recurrence(pivot - 1, k, known) : by_recurrence(n - pivot, k - pivot, known);
      work.looked_at += rest.looked_at / static_cast<double>(n);
      work.passes += rest.passes / static_cast<double>(n);
    }
  }
  return known[{n, k}] = work;
}

TEST(Ranking, TheClosedFormIsTheRecurrence) {
  std::map<std::pair<std::int64_t, std::int64_t>, SelectWork> known;
  for (std::int64_t n = 2; n <= 90; ++n) {
    for (std::int64_t k = 1; k < n; ++k) {
      const SelectWork wanted = by_recurrence(n, k, known), found = expected_select(n, k);
      ASSERT_NEAR(found.looked_at, wanted.looked_at, 1e-6 * wanted.looked_at) << n << " " << k;
      ASSERT_NEAR(found.passes, wanted.passes, 1e-6 * wanted.passes) << n << " " << k;
    }
  }
}

TEST(Ranking, DrawnCyclesAreOnAverageTheExpectedOnes) {
  Rng draw(3);
  for (int i = 0; i < 60; ++i) {
    const std::int64_t n = draw.uniform(40, 3000), lanes = draw.uniform(1, 32);
    const Ranking ranking{2000, n, draw.uniform(1, n - 1)};
    Rng rng = draw.fork(static_cast<std::uint64_t>(i));
    const auto drawn = static_cast<double>(drawn_cycles(ranking, lanes, rng));
    EXPECT_NEAR(drawn, expected_cycles(ranking, lanes), 0.06 * drawn)
        << n << " keep " << ranking.keep << " lanes " << lanes;
  }
}

TEST(Ranking, KeepingAllTakesNothingAndManyRowsAreRepresented) {
  Rng rng(1);
  EXPECT_EQ(drawn_cycles({7, 64, 64}, 16, rng), 0);
  EXPECT_EQ(expected_cycles({7, 64, 64}, 16), 0);
  const Ranking many{std::int64_t{1} << 20, 100, 30};
  const double expected = expected_cycles(many, 8);
  EXPECT_NEAR(static_cast<double>(drawn_cycles(many, 8, rng)), expected, 0.05 * expected);
}

}  // namespace
}  // namespace weft
