// How many cycles do small programs take? Every expected number is counted by hand.
// SPDX-License-Identifier: Apache-2.0
#include <cmath>

#include <gtest/gtest.h>

#include "base/child_process.hpp"
#include "tests/sim/forked.hpp"
#include "tests/sim/hand_made.hpp"

namespace weft {
namespace {

using sim::Result;
using testing::simulate;
using testing::small_machine;
using testing::sum_of;
using testing::tiled_product;
using testing::Tiling;

// Four steps of 8 MACs; each takes a weight (8 b: 1 cycle) and gives 8 sums (256 b: 8 cycles); the 8 inputs
// (8 cycles) stay.
Program four_columns() {
  return tiled_product({.m = 8, .n = 4, .k = 1, .tm = 8, .tn = 1, .tk = 1});
}

TEST(Timing, DoubleBufferingHidesLoadsAndStores) {
  const Result result = simulate(small_machine(Buffering::kDouble), four_columns());
  // Weight 0..1, inputs 1..9; MACs 9..41 without a gap; stores from 17 on, the last 41..49.
  EXPECT_EQ(result.cycles, 49);
  EXPECT_EQ(result.stalls.ramp_in, 9);
  EXPECT_EQ(result.stalls.computing, 32);
  EXPECT_EQ(result.stalls.ramp_out, 8);
  EXPECT_EQ(sum_of(result.stalls), 49);
  EXPECT_FALSE(result.ramp_interference);
}

TEST(Timing, SingleBufferingWaitsForEveryStore) {
  const Result result = simulate(small_machine(Buffering::kSingle), four_columns());
  // 9 + 4 x (8 MACs + 8 stores): the next tile of outputs has no place before the last one is stored.
  EXPECT_EQ(result.cycles, 73);
  EXPECT_EQ(result.stalls.waiting_for[2], 24);
  EXPECT_EQ(result.stalls.waiting_for[0], 0);  // its loads (1 cycle) end before those stores (8)
  EXPECT_EQ(sum_of(result.stalls), 73);
}

TEST(Timing, BuffetOverlapsLikeADoubleBuffer) {
  EXPECT_EQ(simulate(small_machine(Buffering::kBuffet), four_columns()).cycles, 49);
}

TEST(Timing, SlowStoresHoldTheArrayBack) {
  Accelerator accelerator = small_machine(Buffering::kDouble);
  accelerator.levels[0].memories[0].write_bandwidth = BitsPerCycle(16);
  const Result result = simulate(accelerator, four_columns());
  // Stores take 16: 17..33..49..65..81. Steps 0, 1 end at 17, 25; step 2 waits for the first store: 33..41,
  // step 3 for the second: 49..57.
  EXPECT_EQ(result.cycles, 81);
  EXPECT_EQ(result.stalls.waiting_for[2], 8 + 8);
  EXPECT_EQ(result.stalls.ramp_out, 81 - 57);
  EXPECT_TRUE(result.ramp_interference);  // the last store waited for the one before
}

TEST(Timing, ABuffetHasAThirdTileOnItsWay) {
  Accelerator accelerator = small_machine(Buffering::kBuffet);
  accelerator.levels[0].memories[0].write_bandwidth = BitsPerCycle(16);
  const Result result = simulate(accelerator, four_columns());
  // As above, but step 2 has the third place, and step 3 takes that of the first store, 33..41.
  EXPECT_EQ(result.cycles, 81);
  EXPECT_EQ(result.stalls.waiting_for[2], 0);
  EXPECT_EQ(result.stalls.ramp_out, 81 - 41);
}

TEST(Timing, SumsAreNotReadBackBeforeTheyAreStored) {
  // Two tiles of sums in turn, twice. A buffet has a place for the first one's second visit from the
  // beginning, but its sums are stored 16..24 and come back 24..56, so step 2 runs 56..64.
  Accelerator accelerator = small_machine(Buffering::kBuffet);
  accelerator.levels[0].memories[0].ports[0] = Bandwidths{BitsPerCycle(8), {}, {}};
  accelerator.levels[0].memories[0].ports[1] = Bandwidths{BitsPerCycle(8), {}, {}};
  const Result result =
      simulate(accelerator, tiled_product({.m = 16, .n = 1, .k = 2, .tm = 8, .tn = 1, .tk = 1}));
  // Inputs 0..8, so MACs 8..24. Step 3's sums, stored 24..32, come back 56..88; MACs 88..96, stored 96..104.
  EXPECT_EQ(result.cycles, 104);
}

TEST(Timing, ATensorWithPortsOfItsOwnWaitsForNoOther) {
  Accelerator accelerator = small_machine(Buffering::kDouble);
  accelerator.levels[0].memories[0].ports[1] = Bandwidths{BitsPerCycle(16), {}, {}};
  // Weight 0..1 and inputs 0..4 at the same time; MACs 4..36; the last store 36..44.
  EXPECT_EQ(simulate(accelerator, four_columns()).cycles, 44);
}

TEST(Timing, ASharedPortCarriesBothDirections) {
  Accelerator accelerator = small_machine(Buffering::kDouble);
  accelerator.levels[0].memories[0].read_bandwidth.reset();
  accelerator.levels[0].memories[0].write_bandwidth.reset();
  accelerator.levels[0].memories[0].shared_bandwidth = BitsPerCycle(8);
  const Result result = simulate(accelerator, four_columns());
  // The port: weight 0 0..1, inputs 1..9, weight 1 9..10. MACs 9..17, 17..25. At 17 store 0 (32 cycles) and
  // weight 2 ask: the lower step first, 17..49..50. At 25 store 1 and weight 3: 50..82..83. MACs of step 2
  // 50..58, of step 3 (weight 3) 83..91; store 2 83..115, store 3 115..147. Busy but from 10 to 17.
  EXPECT_EQ(result.cycles, 147);
  EXPECT_EQ(result.levels[0].busy_cycles, 140);
}

TEST(Timing, OperandsShareThePortWithLoads) {
  Accelerator accelerator = small_machine(Buffering::kDouble);
  accelerator.levels[1].memories[0].read_bandwidth = BitsPerCycle(12);
  const Result result = simulate(accelerator, four_columns());
  // A MAC reads 8 b of weight and of input: 8 x 16 / 12 = 10 2/3 cycles a step, and 256 b of a store take
  // 21 1/3 of the same port: 4 x 32 cycles in all. The stores lag until they hold the array back.
  EXPECT_GE(result.cycles, 9 + 4 * 32);
  EXPECT_GT(result.stalls.operand_bandwidth, 0);
  EXPECT_NEAR(result.levels[1].busy_cycles, 4 * 32, 1e-3);
}

TEST(Timing, SlowOperandsStretchAStep) {
  Accelerator accelerator = small_machine(Buffering::kDouble);
  accelerator.levels[1].memories[0].read_bandwidth = BitsPerCycle(12);
  const Result result =
      simulate(accelerator, tiled_product({.m = 8, .n = 1, .k = 1, .tm = 8, .tn = 1, .tk = 1}));
  // One step of 8 MACs that takes 10 2/3; stalls 2 2/3; the store takes 21 1/3: 9 + 10 2/3 + 21 1/3 = 41.
  EXPECT_NEAR(result.stalls.operand_bandwidth, 8.0 / 3, 1e-4);
  EXPECT_EQ(result.cycles, 41);
}

TEST(Timing, SkewLengthensTheRamps) {
  Program program = four_columns();
  program.skew_in = 5;
  program.skew_out = 3;
  const Result result = simulate(small_machine(Buffering::kDouble), program);
  EXPECT_EQ(result.stalls.ramp_in, 9 + 5);
  EXPECT_EQ(result.stalls.ramp_out, 8 + 3);
  EXPECT_EQ(result.cycles, 49 + 5 + 3);
}

TEST(Timing, SkewHidesNoWaits) {
  Accelerator accelerator = small_machine(Buffering::kDouble);
  accelerator.levels[0].memories[0].write_bandwidth = BitsPerCycle(16);
  Program program = four_columns();
  program.skew_in = 5;
  program.skew_out = 3;
  const Result result = simulate(accelerator, program);
  // As SlowStoresHoldTheArrayBack, seen at the farthest unit: 81 and 8 cycles later.
  EXPECT_EQ(result.cycles, 81 + 8);
  EXPECT_EQ(result.stalls.waiting_for[2], 8 + 8);
  EXPECT_EQ(sum_of(result.stalls), 81 + 8);
}

TEST(Timing, TheLastResultsOutEndTheRun) {
  Program program = four_columns();
  program.skew_in = 15;
  program.skew_out = 5;
  // Without skew the stores of the last two steps end at 41 and 49. If the last one is out 4 cycles sooner
  // than a full step, it ends the run at 49 + 16; if 18 sooner, at 49 + 2, then the step before does, at 41
  // + 20.
  program.steps.back().nearer = 4;
  const Result late = simulate(small_machine(Buffering::kDouble), program);
  EXPECT_EQ(late.cycles, 65);
  EXPECT_TRUE(late.ramp_interference);
  program.steps.back().nearer = 18;
  const Result early = simulate(small_machine(Buffering::kDouble), program);
  EXPECT_EQ(early.cycles, 61);
  EXPECT_EQ(sum_of(early.stalls), 61);
  EXPECT_GE(early.stalls.ramp_out, 0);
}

TEST(Timing, PartialSumsComeBackWhenTheReductionIsOutside) {
  // k in 2 tiles outside m: each of 2 output tiles (4 sums, 4 cycles) is stored twice and read back once.
  const Result result = simulate(small_machine(Buffering::kDouble),
                                 tiled_product({.m = 8, .n = 1, .k = 2, .tm = 4, .tn = 1, .tk = 1}));
  const auto& outputs = result.levels[1].tensors[2];
  EXPECT_EQ(outputs.drains, 16);
  EXPECT_EQ(outputs.fills, 8);
  EXPECT_EQ(result.levels[0].tensors[2].updates, 16);
  EXPECT_EQ(result.levels[0].tensors[2].reads, 8);
  EXPECT_EQ(result.levels[0].tensors[2].read_back, 8);
}

// 24 weights and 24 inputs of 8 b through 3 b/cycle: 128 cycles however they are cut; the last block (t MACs)
// and the store of its sum (1 cycle) follow.
TEST(Timing, CuttingALoadIntoPiecesChangesNothing) {
  Accelerator accelerator = small_machine(Buffering::kDouble);
  accelerator.levels[0].memories[0].read_bandwidth = BitsPerCycle(3);
  std::vector<Program> programs;
  const std::vector<std::int64_t> extents = {1, 2, 3, 4, 6, 8, 12};
  for (const std::int64_t tk : extents) {
    programs.push_back(tiled_product({.m = 1, .n = 1, .k = 24, .tm = 1, .tn = 1, .tk = tk}));
  }
  const auto results = simulate(accelerator, programs);
  for (std::size_t i = 0; i < extents.size(); ++i) {
    EXPECT_EQ(results[i].cycles, 128 + extents[i] + 1) << "tiles of " << extents[i];
    EXPECT_NEAR(results[i].levels[0].busy_cycles, 128, 1e-3);
  }
}

TEST(Timing, TheNextProgramStartsFromZero) {
  const Accelerator accelerator = small_machine(Buffering::kDouble);
  const auto results = simulate(accelerator, std::vector<Program>(3, four_columns()));
  EXPECT_EQ(results[0].cycles, 49);
  EXPECT_EQ(results[1].cycles, 49);
  EXPECT_EQ(results[2].cycles, 49);
  EXPECT_EQ(results[2].levels[1].tensors[0].fills, 4);
}

TEST(Timing, TheVectorUnitIsLimitedByLanesOrPorts) {
  const std::string answer = in_child([] {
    sim::Simulator simulator(small_machine(Buffering::kDouble));
    // 100 / 16 = 6.25; 256 b / (32 b/cycle) = 8; 100 b / (8 b/cycle) = 12.5.
    return std::to_string(simulator.run_vector({.operations = 100})) + ' ' +
           std::to_string(simulator.run_vector({.operations = 100, .bits_written = 256})) + ' ' +
           std::to_string(simulator.run_vector({.operations = 100, .bits_read = 100, .bits_written = 256}));
  });
  EXPECT_EQ(answer, "7 8 13");
}

// Pivots are drawn from the seed; lanes work beside the ranking unit.
TEST(Timing, ARankingUnitTakesWhatItsPivotsTake) {
  Accelerator machine = small_machine(Buffering::kDouble);
  machine.vector_unit.ranking = 4;
  const Ranking ranking{40, 200, 60};
  const std::string answer = in_child([&] {
    sim::Simulator simulator(machine);
    return std::to_string(simulator.run_vector({.rankings = {ranking}, .seed = 5})) + ' ' +
           std::to_string(simulator.run_vector({.operations = 1e6, .rankings = {ranking}, .seed = 5}));
  });
  Rng rng(5);
  EXPECT_EQ(answer, std::to_string(drawn_cycles(ranking, 4, rng)) + " 62500");
}

TEST(Timing, PartsAddUpUnderRandomDelays) {
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    const Result result =
        simulate(small_machine(Buffering::kDouble), four_columns(), {.max_jitter_cycles = 9, .seed = seed});
    EXPECT_EQ(std::ceil(sum_of(result.stalls) - 1e-4), static_cast<double>(result.cycles)) << "seed " << seed;
    EXPECT_GE(result.cycles, 49) << "seed " << seed;
  }
}

}  // namespace
}  // namespace weft
