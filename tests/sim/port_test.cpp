// Do ports keep fractions, and does a split transfer take as long as a whole one?
// SPDX-License-Identifier: Apache-2.0
#include "arch/sim/port.hpp"

#include <gtest/gtest.h>

namespace weft::sim {
namespace {

TEST(Port, SplittingATransferChangesLessThanATick) {
  Rng rng(11);
  for (int n = 0; n < 300; ++n) {
    const auto bandwidth = BitsPerCycle(static_cast<double>(rng.uniform(1, 300)) / 7);
    Port whole("whole", bandwidth);
    Port pieces("pieces", bandwidth);
    double bits = 0;
    Ticks end = 0;
    for (std::int64_t piece = rng.uniform(1, 40); piece > 0; --piece) {
      const auto part = static_cast<double>(rng.uniform(0, 1000));
      bits += part;
      end = pieces.take(end, part, Phase::kSteady);
    }
    const Ticks expected = whole.take(0, bits, Phase::kSteady);
    EXPECT_LE(end > expected ? end - expected : expected - end, 1U);
    EXPECT_EQ(pieces.busy(), end);
  }
}

TEST(TimeGrid, RoundsUpButForTheTolerance) {
  EXPECT_EQ(whole_cycles(0), 0);
  EXPECT_EQ(whole_cycles(ticks_of(3)), 3);
  EXPECT_EQ(whole_cycles(ticks_of(3) + kGridTolerance), 3);
  EXPECT_EQ(whole_cycles(ticks_of(3) + kGridTolerance + 1), 4);
  EXPECT_EQ(whole_cycles(ticks_of(3) - 5), 3);
}

}  // namespace
}  // namespace weft::sim
