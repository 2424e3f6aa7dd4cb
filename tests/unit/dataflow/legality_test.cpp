// Does check() find the obstacle, and does explain() say what to change?
// SPDX-License-Identifier: Apache-2.0
#include "dataflow/legality.hpp"

#include <limits>

#include <gtest/gtest.h>

#include "tests/unit/dataflow/machines.hpp"

namespace weft {
namespace {

using testing::add;
using testing::kI;
using testing::kO;
using testing::kW;
using testing::machine;
using testing::spread;

// GEMM 8 x 8 x 8 with tiles of 4 x 4 x 4 in L1: 16 words of each tensor.
struct Case {
  Problem problem = make_gemm({.name = "gemm", .m = 8, .n = 8, .k = 8});
  Accelerator accelerator = machine(2);
  Mapping mapping = empty_mapping(accelerator);
  Case() {
    for (const char* dim : {"M", "N", "K"}) {
      add(mapping.levels[0], problem, dim, 2);
      add(mapping.levels[1], problem, dim, 4);
    }
  }
  [[nodiscard]] std::string why() const {
    const auto rejection = check(mapping, problem, accelerator);
    return rejection ? explain(*rejection, problem, accelerator) : "legal";
  }
  [[nodiscard]] Memory& l1() { return accelerator.levels[1].memories[0]; }
};

TEST(Legality, LegalMappingHasNoObstacle) {
  EXPECT_EQ(Case().why(), "legal");
}

TEST(Legality, WrongNumberOfLevels) {
  Case c;
  c.mapping.levels.pop_back();
  EXPECT_EQ(c.why(), "mapping: 1 levels for a machine of 2");
}

TEST(Legality, LoopOverNoDim) {
  Case c;
  c.mapping.levels[1].temporal.push_back({9, 1});
  EXPECT_EQ(c.why(), "L1: a loop over dim number 9, the problem has 4 dims");
}

TEST(Legality, BoundBelowOne) {
  Case c;
  c.mapping.levels[1].temporal[0].bound = 0;
  EXPECT_EQ(c.why(), "L1: a loop over M with bound 0; bounds are at least 1");
}

TEST(Legality, MissingIterations) {
  Case c;
  c.mapping.levels[0].temporal[2].bound = 1;  // K: 1 x 4 of 8
  EXPECT_EQ(c.why(), "mapping: the loops over K cover 4 of 8");
}

TEST(Legality, EmptyIterations) {
  Case c;
  c.mapping.levels[0].temporal[1].bound = 3;  // N: the third tile of 4 would start at 8
  EXPECT_EQ(c.why(), "L0: a loop over N has bound 3, but only 2 iterations have work");
}

// 8 = 2 x 5: tiles of 5 and 3. Partial, not empty.
TEST(Legality, PartialTilesAreFine) {
  Case c;
  c.mapping.levels[1].temporal[0].bound = 5;
  EXPECT_EQ(c.why(), "legal");
}

// Products that leave 63 bits are still told apart from small ones.
TEST(Legality, AbsurdBoundsDoNotOverflow) {
  Case c;
  for (LevelMapping& level : c.mapping.levels) {
    level.temporal[0].bound = std::numeric_limits<std::int64_t>::max();
  }
  EXPECT_EQ(c.why(), "L0: a loop over M has bound 9223372036854775807, but only 1 iterations have work");
}

TEST(Legality, FanOutTooSmall) {
  Case c;
  c.mapping.levels[0].temporal[0].bound = 1;
  spread(c.mapping.levels[0], c.problem, "M", 2);
  c.accelerator.levels[0].fanout.x = 1;
  EXPECT_EQ(c.why(), "L0: spatial loops take 2 instances in X, the fan-out has 1");
}

TEST(Legality, AxisTakesDimsByNameOrClass) {
  Case c;
  c.mapping.levels[0].temporal[0].bound = 1;
  spread(c.mapping.levels[0], c.problem, "M", 2);  // a position of a matrix product
  auto& words = c.accelerator.levels[0].fanout.allowed_dims[0];
  words = {"filters", "K"};
  EXPECT_EQ(c.why(), "L0: M cannot be spread over the axis it is mapped to");
  words = {"positions"};
  EXPECT_EQ(c.why(), "legal");
  words = {"M"};
  EXPECT_EQ(c.why(), "legal");
}

// 3 tiles of 16 words: 2 x 16 x 8 b operands + 16 x 8 b outputs = 384 b; a double buffer needs twice that.
TEST(Legality, TilesMustFit) {
  Case c;
  c.l1().buffering = Buffering::kDouble;
  c.l1().capacity = Bits(2 * 384);
  EXPECT_EQ(c.why(), "legal");
  c.l1().capacity = Bits(2 * 384 - 1);
  EXPECT_EQ(c.why(),
            "L1: tiles of weights, inputs, outputs need 384 b but 383 b can hold a tile (double-buffered)");
  c.l1().buffering = Buffering::kSingle;
  EXPECT_EQ(c.why(), "legal");
  c.mapping.levels[1].keep[kO] = false;
  c.l1().capacity = Bits(255);
  EXPECT_EQ(c.why(), "L1: tiles of weights, inputs need 256 b but 255 b can hold a tile (single-buffered)");
}

// Windows of 4 positions and 3 taps, stride 2: coordinates 0-8, 9 words; with stride 4 there are gaps: 12.
TEST(Legality, TileOfAWindowIsWhatItTouches) {
  for (const auto& [stride, words] : {std::pair{2, 9}, std::pair{4, 12}}) {
    const Problem problem = testing::conv_1d(3 + stride * 15, 3, stride);
    Accelerator accelerator = machine(2);
    Mapping mapping = empty_mapping(accelerator);
    add(mapping.levels[0], problem, "P", 4);
    add(mapping.levels[1], problem, "P", 4);
    add(mapping.levels[1], problem, "R", 3);
    mapping.levels[1].keep = {false, true, false};
    accelerator.levels[1].memories[0].buffering = Buffering::kBuffet;
    accelerator.levels[1].memories[0].capacity = Bits(words * 8);
    EXPECT_FALSE(check(mapping, problem, accelerator));
    accelerator.levels[1].memories[0].capacity = Bits(words * 8 - 1);
    EXPECT_TRUE(check(mapping, problem, accelerator));
  }
}

TEST(Legality, KeepingAndBypassing) {
  Case c;
  c.l1().holds[kW] = false;
  EXPECT_EQ(c.why(), "L1: keeps weights, but no memory of this level holds them");
  c.l1().holds[kW] = true;
  c.mapping.levels[1].keep[kI] = false;
  EXPECT_EQ(c.why(), "legal");
  c.accelerator.levels[1].may_bypass[kI] = false;
  EXPECT_EQ(c.why(), "L1: bypasses inputs, which this level must keep");
  c.mapping.levels[1].keep[kI] = true;
  c.mapping.levels[0].keep[kI] = false;
  c.accelerator.levels[0].may_bypass[kI] = true;
  EXPECT_EQ(c.why(), "L0: bypasses inputs; the outermost level keeps every tensor");
}

TEST(Legality, WordsTooWide) {
  Case c;
  c.problem.tensor(Role::kWeights).bits = 16;
  EXPECT_EQ(c.why(), "mac: weights of 16 bits, but mac takes 8");
}

// Several obstacles: the first in the order of the enumeration, then the outermost level.
TEST(Legality, ObstaclesHaveAnOrder) {
  Case c;
  c.problem.tensor(Role::kWeights).bits = 16;              // width: last
  c.l1().capacity = Bits(1);                               // capacity, inner level
  c.accelerator.levels[0].memories[0].capacity = Bits(1);  // capacity, outer level
  EXPECT_EQ(check(c.mapping, c.problem, c.accelerator)->level, 0);
  c.mapping.levels[0].temporal[1].bound = 3;
  EXPECT_EQ(check(c.mapping, c.problem, c.accelerator)->reason, Reason::kEmptyIterations);
  c.mapping.levels[0].temporal[0].bound = 1;
  EXPECT_EQ(check(c.mapping, c.problem, c.accelerator)->reason, Reason::kCoverage);
}

TEST(Legality, EveryReasonHasAName) {
  for (int r = 0; r < kReasons; ++r) {
    EXPECT_NE(name_of(static_cast<Reason>(r)), "?");
  }
}

}  // namespace
}  // namespace weft
