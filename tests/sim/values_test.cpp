// Do the right numbers come out, and do wrong ones when the program is wrong?
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include <gtest/gtest.h>

#include "arch/sim/core/runs.hpp"
#include "tests/sim/forked.hpp"
#include "tests/sim/hand_made.hpp"
#include "tests/sim/operands.hpp"

namespace weft {
namespace {

using testing::simulate;
using testing::small_machine;
using testing::tiled_product;

const testing::Tiling kTiling = {.m = 6, .n = 4, .k = 6, .tm = 3, .tn = 2, .tk = 2};

Accumulators expected(const Problem& problem, const sim::Operands& operands) {
  return reference(problem, operands.weights, operands.inputs);
}

TEST(Values, AreTheReferenceWithEveryBuffering) {
  const Program program = tiled_product(kTiling);
  const sim::Operands operands = testing::operands_of(program.problem, 7);
  for (const Buffering buffering : {Buffering::kSingle, Buffering::kDouble, Buffering::kBuffet}) {
    const sim::Result result = simulate(small_machine(buffering), program, {}, &operands);
    ASSERT_TRUE(result.outputs);
    EXPECT_EQ(result.outputs->values, expected(program.problem, operands).values) << name_of(buffering);
  }
}

TEST(Values, AreReturnedOnlyWhenGiven) {
  EXPECT_FALSE(simulate(small_machine(Buffering::kDouble), tiled_product(kTiling)).outputs);
}

TEST(Values, CostNoTime) {
  const Program program = tiled_product(kTiling);
  const sim::Operands operands = testing::operands_of(program.problem, 7);
  const Accelerator accelerator = small_machine(Buffering::kDouble);
  EXPECT_EQ(simulate(accelerator, program, {}, &operands).cycles, simulate(accelerator, program).cycles);
}

// Each load but those of the first step, left out one by one: the array finds poison.
TEST(Values, AreWrongWithoutALoad) {
  const Program program = tiled_product(kTiling);
  const sim::Operands operands = testing::operands_of(program.problem, 7);
  const auto right = expected(program.problem, operands).values;
  int left_out = 0;
  for (std::size_t s = 1; s < program.steps.size(); ++s) {
    for (std::size_t l = 0; l < program.steps[s].loads.size(); ++l) {
      Program wrong = program;
      wrong.steps[s].loads.erase(wrong.steps[s].loads.begin() + static_cast<std::ptrdiff_t>(l));
      const sim::Result result = simulate(small_machine(Buffering::kDouble), wrong, {}, &operands);
      EXPECT_NE(result.outputs->values, right) << "step " << s << " load " << l;
      ++left_out;
    }
  }
  EXPECT_GE(left_out, 20);
}

TEST(Values, DoNotChangeUnderRandomDelays) {
  const Program program = tiled_product(kTiling);
  const sim::Operands operands = testing::operands_of(program.problem, 8);
  const auto right = expected(program.problem, operands).values;
  const sim::Result calm = simulate(small_machine(Buffering::kDouble), program, {}, &operands);
  bool cycles_changed = false;
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    const sim::Result result = simulate(small_machine(Buffering::kDouble), program,
                                        {.max_jitter_cycles = 20, .seed = seed}, &operands);
    EXPECT_EQ(result.outputs->values, right) << "seed " << seed;
    EXPECT_EQ(result.levels[1].tensors[2].drains, calm.levels[1].tensors[2].drains);
    EXPECT_EQ(result.macs, calm.macs);
    cycles_changed |= result.cycles != calm.cycles;
  }
  EXPECT_TRUE(cycles_changed);
}

TEST(Runs, CoverTheSetInOrder) {
  EXPECT_EQ(sim::runs_of({0, 1, 2, 8, 9, 10}), (sim::Runs{{0, 1, 3}, {8, 1, 3}}));
  EXPECT_EQ(sim::runs_of({0, 4, 8, 12}), (sim::Runs{{0, 4, 4}}));
  EXPECT_EQ(sim::runs_of({5}), (sim::Runs{{5, 1, 1}}));
  EXPECT_TRUE(sim::runs_of({}).empty());
}

TEST(Runs, ListEveryElementOfRandomSets) {
  Rng rng(3);
  for (int n = 0; n < 200; ++n) {
    IndexSet set;
    for (std::int64_t i = 0; i < 40; ++i) {
      if (rng.chance(0.6)) {
        set.push_back(i);
      }
    }
    IndexSet listed;
    for (const sim::Run& run : sim::runs_of(set)) {
      for (std::int64_t i = 0; i < run.count; ++i) {
        listed.push_back(run.first + i * run.step);
      }
    }
    EXPECT_EQ(listed, set);
  }
}

}  // namespace
}  // namespace weft
