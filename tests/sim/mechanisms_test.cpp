// What do commands, requests, caches and a limit on tiles in flight cost? Every expected number is counted
// by hand.
// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "tests/sim/forked.hpp"
#include "tests/sim/hand_made.hpp"

namespace weft {
namespace {

using sim::Result;
using testing::four_columns;
using testing::simulate;
using testing::small_machine;
using testing::sum_of;
using testing::tiled_product;

// Of four_columns(): weight 0..1, inputs 1..9; without mechanisms MACs 9..41 and the last store 41..49.

Accelerator machine_with(const Commands& commands) {
  Accelerator accelerator = small_machine(Buffering::kDouble);
  accelerator.controller.commands = commands;
  return accelerator;
}

TEST(Mechanisms, ShortCommandsTakeTheirLeast) {
  const Result result =
      simulate(machine_with({.iterations = 4, .along = {"M"}, .least = Cycles(6)}), four_columns());
  // Two commands of 6 a step: 9 + 4 x 12 + 8.
  EXPECT_EQ(result.cycles, 65);
  EXPECT_EQ(result.stalls.computing, 32);
  EXPECT_EQ(result.stalls.commands, 4 * 4);
  EXPECT_EQ(sum_of(result.stalls), 65);
}

TEST(Mechanisms, NewWeightsStreamInBehindTheLastCommand) {
  const Result result =
      simulate(machine_with({.iterations = 8, .along = {"M"}, .preload = Cycles(12)}), four_columns());
  // Three steps of 12 are followed by new weights, the last takes its 8: 9 + 36 + 8 + 8.
  EXPECT_EQ(result.cycles, 61);
  EXPECT_EQ(result.stalls.commands, 3 * 4);
}

TEST(Mechanisms, AFullQueueHoldsTheArrayBack) {
  const Result result = simulate(
      machine_with({.iterations = 2, .along = {"M"}, .in_flight = 2, .latency = Cycles(10)}), four_columns());
  // Sixteen commands of 2 in pairs; a place is free again 12 after its start: pairs at 9, 21, ... 93. The
  // last starts at 95 and ends at 97; its results are out at 107, then the store takes 8.
  EXPECT_EQ(result.cycles, 115);
  EXPECT_EQ(result.stalls.computing, 32);
  EXPECT_EQ(result.stalls.commands, 97 - 9 - 32);
  EXPECT_EQ(result.stalls.ramp_out, 115 - 97);
  EXPECT_EQ(sum_of(result.stalls), 115);
}

TEST(Mechanisms, CommandsDoNotGoOverTheEndOfARun) {
  Program program = four_columns();
  for (Step& step : program.steps) {
    step.run = 4;
  }
  const Result result =
      simulate(machine_with({.iterations = 3, .along = {"M"}, .least = Cycles(2)}), program);
  // 3 and 1 iterations, twice: 3 + 2 + 3 + 2 cycles a step.
  EXPECT_EQ(result.cycles, 9 + 4 * 10 + 8);
}

TEST(Mechanisms, TilesInFlightLimitWhatIsLoadedAhead) {
  Accelerator accelerator = small_machine(Buffering::kDouble);
  Program program = four_columns();
  program.tile_starts = {0, 1, 2, 3};
  accelerator.controller.tiles_in_flight = 1;
  // One after the other: 9 + 8 + 8 for the first, then 1 + 8 + 8 each.
  EXPECT_EQ(simulate(accelerator, program).cycles, 25 + 3 * 17);
  accelerator.controller.tiles_in_flight = 2;
  // Steps 0 and 1 end at 17 and 25, their stores at 25 and 33. The weight of step 2 comes 25..26, that of
  // step 3 33..34; the last step ends at 42, its store at 50.
  EXPECT_EQ(simulate(accelerator, program).cycles, 50);
  accelerator.controller.tiles_in_flight = 4;
  EXPECT_EQ(simulate(accelerator, program).cycles, 49);
}

TEST(Mechanisms, WordsArriveLaterThanTheirPortIsFree) {
  Accelerator accelerator = small_machine(Buffering::kDouble);
  accelerator.levels[0].memories[0].latency = Cycles(20);
  // The weight leaves the DRAM at 1, the inputs at 9 and the second weight at 10: steps 0 and 1 run from 29
  // to 37 and to 45. The weights of steps 2 and 3 are asked for when those of 0 and 1 go, and are there at 58
  // and 66: steps 58..66 and 66..74, the last store until 82.
  EXPECT_EQ(simulate(accelerator, four_columns()).cycles, 82);
}

TEST(Mechanisms, ProgramsWithoutTheLimitsTheyNeedAreRefused) {
  Accelerator accelerator = small_machine(Buffering::kDouble);
  accelerator.controller.tiles_in_flight = 2;
  EXPECT_THROW((void)simulate(accelerator, four_columns()), std::runtime_error);
}

TEST(Mechanisms, RequestsTakeTheirLeast) {
  Accelerator accelerator = small_machine(Buffering::kDouble);
  accelerator.levels[0].memories[0].requests =
      Requests{.read = Bits(16), .write = Bits(64), .least = Cycles(5)};
  // Rows of inputs and outputs have one word of the tile each: 8 requests of 5. Weight 0..5, inputs 5..45.
  // Steps end at 53, 61; their stores take 40 and end at 93, 133; step 2 waits for the first, step 3 for the
  // second, whose stores end at 173 and 213.
  EXPECT_EQ(simulate(accelerator, four_columns()).cycles, 213);
}

TEST(Mechanisms, LongerRequestsTakeTheirWords) {
  Accelerator accelerator = small_machine(Buffering::kDouble);
  accelerator.levels[0].memories[0].requests =
      Requests{.read = Bits(64), .write = Bits(64), .least = Cycles(1)};
  EXPECT_EQ(simulate(accelerator, four_columns()).cycles, 49);
}

TEST(Mechanisms, LinesThatAreNotInTheCacheTakeLonger) {
  Accelerator accelerator = small_machine(Buffering::kDouble);
  Memory& dram = accelerator.levels[0].memories[0];
  dram.requests = Requests{.read = Bits(8), .write = Bits(32), .least = Cycles(1)};
  dram.cache = Cache{.capacity = Bits(64 * 512), .ways = 4, .line = Bits(512), .miss = Cycles(10)};
  const Program program = tiled_product({.m = 8, .n = 1, .k = 1, .tm = 8, .tn = 1, .tk = 1});
  // A line for each tensor: weight 0..11, inputs 11..29, MACs 29..37, store 37..55.
  const Result cold = simulate(accelerator, program);
  EXPECT_EQ(cold.cycles, 55);
  EXPECT_EQ(cold.cache_lines, 1 + 8 + 8);
  EXPECT_EQ(cold.cache_misses, 3);
  const Result warm = simulate(accelerator, program, {.warm_caches = true});
  EXPECT_EQ(warm.cycles, 25);
  EXPECT_EQ(warm.cache_misses, 0);
}

// The open rows of a DRAM's banks are a cache of one way whose lines are the rows: each tensor begins at a
// page of 4 KiB, so here in a row of its own.
TEST(Mechanisms, RowsOfADramStayOpenWhileTheirBankHasNoOther) {
  Accelerator accelerator = small_machine(Buffering::kDouble);
  Memory& dram = accelerator.levels[0].memories[0];
  constexpr std::int64_t kRow = 4096 * 8;
  dram.requests = Requests{.read = Bits(8), .write = Bits(32), .least = Cycles(1)};
  dram.cache = Cache{.capacity = Bits(4 * kRow), .ways = 1, .line = Bits(kRow), .miss = Cycles(10)};
  const Result banks = simulate(accelerator, four_columns());
  EXPECT_EQ(banks.cache_misses, 3);
  // In one bank: weight 0 and inputs open their rows; then weights and stores take turns from step to step,
  // and a row that was written to takes twice as long to close. The last store finds its row open.
  dram.cache->capacity = Bits(kRow);
  const Result bank = simulate(accelerator, four_columns());
  EXPECT_EQ(bank.cache_misses, 2 + (1 + 1) + 2 * (2 + 1));
  EXPECT_GT(bank.cycles, banks.cycles);
}

}  // namespace
}  // namespace weft
