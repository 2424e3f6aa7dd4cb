// What do banks of accumulators cost, by the laws of queues, by sampling, and with real words?
// SPDX-License-Identifier: Apache-2.0
#include "arch/spec/conflicts.hpp"

#include <gtest/gtest.h>

#include "arch/sim/core/bank_conflicts.hpp"
#include "workload/positions.hpp"

namespace weft {
namespace {

TEST(Conflicts, OneBankTakesOneProductACycle) {
  for (const std::int64_t products : {1, 2, 7}) {
    EXPECT_NEAR(expected_conflicts(products, 1, 0), static_cast<double>(products), 1e-9);
    EXPECT_NEAR(expected_conflicts(products, 1, 16), static_cast<double>(products), 0.01);
  }
}

// Without a queue a cycle takes the fullest bank: two products, n banks, 1 + 1/n.
TEST(Conflicts, WithoutQueuesTheFullestBankDecides) {
  for (const std::int64_t banks : {2, 8, 32}) {
    EXPECT_NEAR(expected_conflicts(2, banks, 0), 1 + 1.0 / static_cast<double>(banks), 0.02);
  }
  EXPECT_EQ(expected_conflicts(1, 32, 0), 1);
}

TEST(Conflicts, MoreBanksAndLongerQueuesNeverCostMore) {
  double fewer = 1e9;
  for (const std::int64_t banks : {4, 8, 16, 32, 64}) {
    double shorter = 1e9;
    for (const std::int64_t queue : {0, 1, 2, 4, 8, 32}) {
      const double now = expected_conflicts(16, banks, queue);
      EXPECT_GE(now, std::max(1.0, 16.0 / static_cast<double>(banks)) - 0.01);
      EXPECT_LE(now, shorter * 1.001);
      shorter = now;
    }
    EXPECT_LE(expected_conflicts(16, banks, 4), fewer * 1.001);
    fewer = expected_conflicts(16, banks, 4);
  }
}

// Few non-zeros of many filters and places: where their sums lie is as good as chance.
TEST(Conflicts, RealWordsOfSparseLayersAreNearTheExpectation) {
  const Problem problem = [] {
    Problem conv = make_conv(
        {.in_channels = 1, .out_channels = 512, .in_h = 16, .in_w = 16, .kernel_h = 3, .kernel_w = 3});
    set_sparsity(conv, Role::kWeights, {0.1});
    return conv;
  }();
  Rng rng(1);
  Skip skip{.by = {true, true, false}, .vectors = {4, 4}, .banks = 32, .queue = 2};
  for (const std::int64_t queue : {0, 2, 8}) {
    skip.queue = queue;
    sim::BankConflicts conflicts(skip, {{2, 0, 1, 1}, {3, 1, 1, 1}}, 2);
    for (int draw = 0; draw < 40; ++draw) {
      // Indices of a weight: two taps, the filter; of an input: two taps that are zero, row and column.
      std::vector<sim::Found> weights, inputs;
      for (std::int64_t f = 0; f < 512; ++f) {
        for (std::int64_t tap = 0; tap < 9; ++tap) {
          if (rng.chance(0.1)) {
            weights.push_back({tap / 3, tap % 3, f});
          }
        }
      }
      for (std::int64_t p = 0; p < 256; ++p) {
        if (rng.chance(0.05)) {
          inputs.push_back({0, 0, p / 16, p % 16});
        }
      }
      conflicts.add(weights, inputs);
    }
    EXPECT_NEAR(conflicts.share(), expected_conflicts(16, 32, queue), 0.15 * conflicts.share()) << queue;
    EXPECT_GE(conflicts.share(), 1.0);
  }
}

}  // namespace
}  // namespace weft
