// Does the literal walk count what the rules of docs/design.md 4.1-4.5 say? Nests small enough for paper.
// SPDX-License-Identifier: Apache-2.0
#include "dataflow/walker.hpp"

#include <gtest/gtest.h>

#include "base/error.hpp"
#include "dataflow/evaluate.hpp"
#include "tests/unit/dataflow/machines.hpp"

namespace weft {
namespace {

using testing::add;
using testing::conv_1d;
using testing::kI;
using testing::kO;
using testing::kW;
using testing::machine;
using testing::spread;

// The walk, after making sure that the model gives the same.
ActionCounts counted(const Mapping& mapping, const Problem& problem, const Accelerator& accelerator,
                     const CountOptions& options = {}) {
  const ActionCounts walked = walk(mapping, problem, accelerator, options);
  EXPECT_EQ(walked, count_actions(mapping, problem, accelerator, options));
  return walked;
}

// 1-D convolution, 16 positions, 3 taps, one memory: every MAC reads both operands and updates an output;
// only the first of the 3 updates of each output needs no read.
TEST(Walker, OneMemory) {
  const Problem problem = conv_1d(18, 3);
  const Accelerator accelerator = machine(1);
  Mapping mapping = empty_mapping(accelerator);
  add(mapping.levels[0], problem, "P", 16);
  add(mapping.levels[0], problem, "R", 3);
  const ActionCounts counts = counted(mapping, problem, accelerator);
  EXPECT_EQ(counts.macs, 16 * 3);
  const LevelCounts& l0 = counts.levels[0];
  EXPECT_EQ(l0.tensors[kW], (TensorCounts{.fills = 0, .reads = 48, .updates = 0, .drains = 0}));
  EXPECT_EQ(l0.tensors[kI], (TensorCounts{.fills = 0, .reads = 48, .updates = 0, .drains = 0}));
  EXPECT_EQ(l0.tensors[kO], (TensorCounts{.fills = 0, .reads = 48 - 16, .updates = 48, .drains = 0}));
  EXPECT_EQ(l0.network[kW], (NetworkCounts{.sent = 48, .delivered = 48, .read_back = 0}));
  EXPECT_EQ(l0.network[kO], (NetworkCounts{.sent = 48, .delivered = 48, .read_back = 32}));
}

// 1-D convolution again, with a buffer for tiles of 4 positions: 4 tiles.
struct TiledConv {
  Problem problem = conv_1d(18, 3);
  Accelerator accelerator = machine(2);
  Mapping mapping = empty_mapping(accelerator);
  TiledConv() {
    add(mapping.levels[0], problem, "P", 4);
    add(mapping.levels[1], problem, "P", 4);
    add(mapping.levels[1], problem, "R", 3);
  }
};

// Weights: the same 3 words for all tiles. Inputs: 4 + 2 words, then 4 new ones at each of 3 slides.
// Outputs: each word resides once and is never read back.
TEST(Walker, BufferReusesTheHaloOfASlidingWindow) {
  TiledConv t;
  const ActionCounts counts = counted(t.mapping, t.problem, t.accelerator);
  EXPECT_EQ(counts.levels[1].tensors[kW], (TensorCounts{.fills = 3, .reads = 48, .updates = 0, .drains = 0}));
  EXPECT_EQ(counts.levels[1].tensors[kI].fills, 6 + 3 * 4);
  EXPECT_EQ(counts.levels[0].tensors[kI].reads, 18);
  EXPECT_EQ(counts.levels[1].tensors[kO],
            (TensorCounts{.fills = 0, .reads = 32, .updates = 48, .drains = 16}));
  EXPECT_EQ(counts.levels[0].tensors[kO], (TensorCounts{.fills = 0, .reads = 0, .updates = 16, .drains = 0}));
}

TEST(Walker, BufferThatRefetchesTakesEachTileWhole) {
  TiledConv t;
  t.accelerator.levels[1].memories[0].halo = Halo::kRefetch;
  EXPECT_EQ(counted(t.mapping, t.problem, t.accelerator).levels[1].tensors[kI].fills, 4 * 6);
}

// Taps outermost: for each of 3 taps the 4 tiles of 4 outputs come and go. 3 x 16 residencies of 16 words:
// all but the first 16 read their partial sum back.
TEST(Walker, PartialSumsTravelWhenTheReductionIsOutside) {
  const Problem problem = conv_1d(18, 3);
  const Accelerator accelerator = machine(2);
  Mapping mapping = empty_mapping(accelerator);
  add(mapping.levels[0], problem, "R", 3);
  add(mapping.levels[0], problem, "P", 4);
  add(mapping.levels[1], problem, "P", 4);
  const ActionCounts counts = counted(mapping, problem, accelerator);
  EXPECT_EQ(counts.levels[1].tensors[kO].drains, 48);
  EXPECT_EQ(counts.levels[1].tensors[kO].fills, 48 - 16);
  EXPECT_EQ(counts.levels[0].tensors[kO].updates, 48);
  EXPECT_EQ(counts.levels[0].tensors[kO].reads, 48 - 16);
  EXPECT_EQ(counts.levels[0].network[kO].read_back, 48 - 16);
  EXPECT_EQ(counts.levels[1].tensors[kW].fills, 3);  // one tap at a time, unchanged over P
  // Inputs 0-3, 4-7, 8-11, 12-15, then from 1-4 on: no tile shares a word with the one before but 12-15
  // with 1-4, which share none either. 12 tiles of 4.
  EXPECT_EQ(counts.levels[1].tensors[kI].fills, 48);
}

// GEMM M=2 N=4 K=3 with N spread over 4 units: 6 combinations (m, k). The input word goes to all 4 units,
// each unit takes its own weight.
TEST(Walker, MulticastReadsOnceForAllReceivers) {
  const Problem problem = make_gemm({.name = "gemm", .m = 2, .n = 4, .k = 3});
  Accelerator accelerator = machine(1);
  Mapping mapping = empty_mapping(accelerator);
  add(mapping.levels[0], problem, "M", 2);
  add(mapping.levels[0], problem, "K", 3);
  spread(mapping.levels[0], problem, "N", 4);
  const ActionCounts counts = counted(mapping, problem, accelerator);
  EXPECT_EQ(counts.compute_units_used, 4);
  EXPECT_EQ(counts.levels[0].tensors[kI].reads, 6);
  EXPECT_EQ(counts.levels[0].network[kI].delivered, 24);
  EXPECT_EQ(counts.levels[0].tensors[kW].reads, 24);
  EXPECT_EQ(counts.levels[0].tensors[kO].updates, 24);        // four different words at a time
  EXPECT_EQ(counts.levels[0].tensors[kO].reads, 24 - 2 * 4);  // all but the 8 first
  accelerator.levels[0].fanout.network[kI] = NetworkKind::kUnicast;
  EXPECT_EQ(counted(mapping, problem, accelerator).levels[0].tensors[kI].reads, 24);
}

// The same GEMM with K spread over 3 units. A tree adds the 3 products before the memory sees them: 8
// updates, all first. Without it: 24, of which those of the first unit are first.
TEST(Walker, ReductionInTheNetwork) {
  const Problem problem = make_gemm({.name = "gemm", .m = 2, .n = 4, .k = 3});
  Accelerator accelerator = machine(1);
  Mapping mapping = empty_mapping(accelerator);
  add(mapping.levels[0], problem, "M", 2);
  add(mapping.levels[0], problem, "N", 4);
  spread(mapping.levels[0], problem, "K", 3);
  ActionCounts counts = counted(mapping, problem, accelerator);
  EXPECT_EQ(counts.levels[0].tensors[kO].updates, 8);
  EXPECT_EQ(counts.levels[0].tensors[kO].reads, 0);
  EXPECT_EQ(counts.levels[0].network[kO], (NetworkCounts{.sent = 8, .delivered = 24, .read_back = 0}));
  accelerator.levels[0].fanout.network[kO] = NetworkKind::kUnicast;
  counts = counted(mapping, problem, accelerator);
  EXPECT_EQ(counts.levels[0].tensors[kO].updates, 24);
  EXPECT_EQ(counts.levels[0].tensors[kO].reads, 16);
  EXPECT_EQ(counts.levels[0].network[kO], (NetworkCounts{.sent = 24, .delivered = 24, .read_back = 16}));
}

// 4 instances of a buffer, each with the window of one position: words 0-2, 1-3, 2-4, 3-5. By word the
// parent reads the 6 distinct ones; by tile each window apart.
TEST(Walker, OverlappingWindowsShareByWordOrByTile) {
  const Problem problem = conv_1d(6, 3);
  Accelerator accelerator = machine(2);
  Mapping mapping = empty_mapping(accelerator);
  spread(mapping.levels[0], problem, "P", 4);
  add(mapping.levels[1], problem, "R", 3);
  EXPECT_EQ(counted(mapping, problem, accelerator).levels[0].tensors[kI].reads, 6);
  accelerator.levels[0].fanout.multicast_unit = MulticastUnit::kTile;
  const ActionCounts counts = counted(mapping, problem, accelerator);
  EXPECT_EQ(counts.levels[0].tensors[kI].reads, 12);
  EXPECT_EQ(counts.levels[0].tensors[kW].reads, 3);  // the same tile for all four
  EXPECT_EQ(counts.levels[0].network[kI].delivered, 12);
}

// 4 inputs padded by 1 on both sides, 3 taps: 4 x 3 MACs, of which two meet padding.
TEST(Walker, PaddingIsNeverRead) {
  const Problem problem = conv_1d(4, 3, 1, 1);
  const Accelerator accelerator = machine(2);
  Mapping mapping = empty_mapping(accelerator);
  add(mapping.levels[1], problem, "P", 4);
  add(mapping.levels[1], problem, "R", 3);
  const ActionCounts counts = counted(mapping, problem, accelerator);
  EXPECT_EQ(counts.macs, 12);
  EXPECT_EQ(counts.levels[1].tensors[kI].reads, 12 - 2);
  EXPECT_EQ(counts.levels[1].tensors[kI].fills, 4);
}

// 1 tap, stride 2 over 7 inputs: 4 words are touched, their hull is 7 long.
TEST(Walker, FootprintIsTheUnionUnlessTheHullIsAskedFor) {
  const Problem problem = conv_1d(7, 1, 2);
  const Accelerator accelerator = machine(2);
  Mapping mapping = empty_mapping(accelerator);
  add(mapping.levels[1], problem, "P", 4);
  EXPECT_EQ(counted(mapping, problem, accelerator).levels[1].tensors[kI].fills, 4);
  EXPECT_EQ(counted(mapping, problem, accelerator, CountOptions::timeloop()).levels[1].tensors[kI].fills, 7);
}

// 7 rows as 2 x 4 over 4 instances: rows 0-3, then 4-6 with the last instance idle. It keeps what it holds.
TEST(Walker, LastTileIsPartial) {
  const Problem problem = make_gemm({.name = "gemm", .m = 7, .n = 1, .k = 1});
  const Accelerator accelerator = machine(2);
  Mapping mapping = empty_mapping(accelerator);
  add(mapping.levels[0], problem, "M", 2);
  spread(mapping.levels[0], problem, "M", 4);
  const ActionCounts counts = counted(mapping, problem, accelerator);
  EXPECT_EQ(counts.macs, 7);
  EXPECT_EQ(counts.levels[1].instances_used, 4);
  EXPECT_EQ(counts.levels[1].tensors[kI].fills, 7);
  EXPECT_EQ(counts.levels[1].tensors[kW].fills, 4);  // one word, kept by each of the four
  EXPECT_EQ(counts.levels[0].tensors[kW].reads, 1);
  EXPECT_EQ(counts.levels[1].tensors[kO].drains, 7);
}

// A tensor that passes a level by goes straight to the next keeper; two fan-outs lie between, 2 x 3 units
// for 6 columns, and both multicast the input.
TEST(Walker, BypassedLevelIsNotCounted) {
  const Problem problem = make_gemm({.name = "gemm", .m = 5, .n = 6, .k = 1});
  Accelerator accelerator = machine(2);
  Mapping mapping = empty_mapping(accelerator);
  mapping.levels[1].keep[kI] = false;
  spread(mapping.levels[0], problem, "N", 2);
  add(mapping.levels[1], problem, "M", 5);
  spread(mapping.levels[1], problem, "N", 3);
  ActionCounts counts = counted(mapping, problem, accelerator);
  EXPECT_EQ(counts.levels[1].tensors[kI], TensorCounts{});
  EXPECT_EQ(counts.levels[0].tensors[kI].reads, 5);
  EXPECT_EQ(counts.levels[0].network[kI].delivered, 30);
  // The outer fan-out sends one word per receiver: twice as many.
  accelerator.levels[0].fanout.network[kI] = NetworkKind::kUnicast;
  counts = counted(mapping, problem, accelerator);
  EXPECT_EQ(counts.levels[0].tensors[kI].reads, 10);
}

// 5 = 3 x 2 over two levels: the last of the three has room for one more unit that never works.
TEST(Walker, OnlyInstancesThatWorkAreUsed) {
  const Problem problem = make_gemm({.name = "gemm", .m = 5, .n = 1, .k = 1});
  const Accelerator accelerator = machine(2);
  Mapping mapping = empty_mapping(accelerator);
  spread(mapping.levels[0], problem, "M", 3);
  spread(mapping.levels[1], problem, "M", 2);
  const ActionCounts counts = counted(mapping, problem, accelerator);
  EXPECT_EQ(counts.levels[1].instances_used, 3);
  EXPECT_EQ(counts.compute_units_used, 5);
}

TEST(Walker, RefusesIllegalMappings) {
  const Problem problem = conv_1d(18, 3);
  const Accelerator accelerator = machine(1);
  EXPECT_THROW((void)walk(empty_mapping(accelerator), problem, accelerator), InternalError);
}

}  // namespace
}  // namespace weft
