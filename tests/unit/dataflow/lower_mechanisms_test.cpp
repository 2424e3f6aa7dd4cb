// What does a machine with commands, whole tiles and a limit on tiles in flight change in a program?
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "dataflow/legality.hpp"
#include "dataflow/lower.hpp"

namespace weft {
namespace {

Accelerator machine() {
  return parse_accelerator(R"(accelerator: machine
clock: 1 GHz
levels:
  - name: DRAM
    memory: {kind: dram}
  - name: buffer
    memory: {capacity: 1 KiB}
  - name: register
    memory: {kind: regfile, capacity: 16 b, holds: [weights]}
)",
                           "machine.yaml");
}

// outputs[M 4][N 2] += inputs[M 4][K 2] x weights[K 2][N 2]: for n { for k { for m } }, weights in the
// register while m runs.
class LowerMechanisms : public ::testing::Test {
 protected:
  LowerMechanisms() {
    mapping_.levels.resize(3);
    mapping_.levels[0].keep = mapping_.levels[1].keep = {true, true, true};
    mapping_.levels[2].keep = {true, false, false};
    mapping_.levels[0].temporal = {{problem_.dim("N"), 2}};
    mapping_.levels[1].temporal = {{problem_.dim("K"), 2}, {problem_.dim("M"), 4}};
  }
  [[nodiscard]] Program lowered(const Accelerator& accelerator) const {
    EXPECT_FALSE(check(mapping_, problem_, accelerator));
    return lower(mapping_, problem_, accelerator);
  }
  Problem problem_ = make_gemm({.name = "small", .m = 4, .n = 2, .k = 2});
  Mapping mapping_;
};

const Load* load_of(const Step& step, Role role, int level) {
  const auto found = std::find_if(step.loads.begin(), step.loads.end(),
                                  [&](const Load& load) { return load.role == role && load.level == level; });
  return found == step.loads.end() ? nullptr : &*found;
}

TEST_F(LowerMechanisms, CommandsMakeOneStepOfLoopsThatChangeNoTile) {
  Accelerator accelerator = machine();
  EXPECT_EQ(lowered(accelerator).steps.size(), 16U);
  accelerator.controller.commands = Commands{.iterations = 16, .along = {"Q", "M"}, .in_flight = 1};
  const Program program = lowered(accelerator);
  ASSERT_EQ(program.steps.size(), 4U);
  for (const Step& step : program.steps) {
    EXPECT_EQ(step.cycles, 4);
    EXPECT_EQ(step.run, 4);
    EXPECT_NE(load_of(step, Role::kWeights, 2), nullptr);  // other weights every time
  }
}

TEST_F(LowerMechanisms, CommandsAlongAnotherDimHaveOtherRuns) {
  Accelerator accelerator = machine();
  accelerator.controller.commands = Commands{.iterations = 16, .along = {"N"}, .in_flight = 1};
  for (const Step& step : lowered(accelerator).steps) {
    EXPECT_EQ(step.run, 1);  // N is fixed in a step
  }
  accelerator.controller.commands->along = {"Q"};  // a matrix product has none
  for (const Step& step : lowered(accelerator).steps) {
    EXPECT_EQ(step.run, 0);
  }
}

TEST_F(LowerMechanisms, WholeTilesComeAgainWheneverALoopOutsideAdvances) {
  Accelerator accelerator = machine();
  accelerator.controller.commands = Commands{.iterations = 16, .along = {"M"}, .in_flight = 1};
  // Inputs stay while n advances, so they are loaded once.
  EXPECT_EQ(load_of(lowered(accelerator).steps[2], Role::kInputs, 1), nullptr);
  accelerator.levels[1].memories[0].fetch = Fetch::kTiles;
  const Program program = lowered(accelerator);
  EXPECT_EQ(load_of(program.steps[1], Role::kInputs, 1), nullptr);  // only k has advanced
  const Load* again = load_of(program.steps[2], Role::kInputs, 1);
  ASSERT_NE(again, nullptr);
  EXPECT_EQ(again->fills, 0);  // it counts nothing that a buffer which keeps its tile would not move
  EXPECT_EQ(again->parent_reads, 0);
  EXPECT_EQ(again->tile.sets, program.steps[0].loads[1].tile.sets);
}

TEST_F(LowerMechanisms, IterationsOfTheOutermostLoopsAreMarked) {
  Accelerator accelerator = machine();
  EXPECT_TRUE(lowered(accelerator).tile_starts.empty());
  accelerator.controller.tiles_in_flight = 2;
  EXPECT_THAT(lowered(accelerator).tile_starts, ::testing::ElementsAre(0, 8));
  accelerator.controller.commands = Commands{.iterations = 16, .along = {"M"}, .in_flight = 1};
  EXPECT_THAT(lowered(accelerator).tile_starts, ::testing::ElementsAre(0, 2));
}

}  // namespace
}  // namespace weft
