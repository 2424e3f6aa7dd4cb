// Does what an evaluator remembers of some mappings change what it says of others?
// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "dataflow/evaluate.hpp"
#include "tests/support/generators.hpp"

namespace weft {
namespace {

using testing::Triple;

// The triple's machine with room for mappings other than its own.
Accelerator roomy(Accelerator accelerator) {
  for (StorageLevel& level : accelerator.levels) {
    level.fanout.x = 64;
    level.fanout.y = 64;
    for (Memory& memory : level.memories) {
      memory.capacity.reset();
    }
  }
  return accelerator;
}

void expect_same(const Evaluation& remembered, const Evaluation& alone, const Triple& triple) {
  ASSERT_EQ(remembered.counts, alone.counts) << testing::describe(triple);
  ASSERT_EQ(remembered.timing.cycles, alone.timing.cycles) << testing::describe(triple);
  ASSERT_EQ(remembered.timing.ramp_in, alone.timing.ramp_in) << testing::describe(triple);
  ASSERT_EQ(remembered.timing.ramp_out, alone.timing.ramp_out) << testing::describe(triple);
  ASSERT_EQ(remembered.timing.bottleneck, alone.timing.bottleneck) << testing::describe(triple);
}

// Legal mappings compared.
int compare(std::uint64_t seed, const EvaluateOptions& options) {
  Triple triple = testing::random_triple(seed);
  triple.accelerator = roomy(std::move(triple.accelerator));
  Rng rng(seed);
  MappingEvaluator evaluator(triple.problem, triple.accelerator, options);
  int compared = 0;
  for (int i = 0; i < 8; ++i) {
    triple.mapping = testing::random_mapping(rng, triple.problem, triple.accelerator);
    if (check(triple.mapping, triple.problem, triple.accelerator)) {
      continue;
    }
    ++compared;
    expect_same(evaluator.evaluate(triple.mapping),
                evaluate(triple.mapping, triple.problem, triple.accelerator, options), triple);
  }
  return compared;
}

TEST(MappingEvaluator, SaysOfEachMappingWhatItWouldSayOfItAlone) {
  int compared = 0;
  testing::for_each_seed(70000, 300, [&](std::uint64_t seed) {
    compared += compare(seed, {}) + compare(seed, EvaluateOptions::timeloop());
  });
  EXPECT_GT(compared, 0);
}

}  // namespace
}  // namespace weft
