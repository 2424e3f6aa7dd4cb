// Is the thing that held the array up called by its name? Small programs whose waits were counted by hand in
// timing_test.
// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "tests/sim/forked.hpp"
#include "tests/sim/hand_made.hpp"

namespace weft {
namespace {

using sim::Reason;
using testing::simulate;
using testing::small_machine;
using testing::tiled_product;

Program four_columns() {
  return tiled_product({.m = 8, .n = 4, .k = 1, .tm = 8, .tn = 1, .tk = 1});
}

// Cycles of the reasons that `is` accepts.
template <class F>
double cycles_of(const sim::Result& result, const F& is) {
  double cycles = 0;
  for (const Reason& reason : result.stalls.reasons) {
    cycles += is(reason) ? reason.cycles : 0;
  }
  return cycles;
}

TEST(Reasons, SlowStoresAreBlamedOnTheirPort) {
  Accelerator accelerator = small_machine(Buffering::kDouble);
  accelerator.levels[0].memories[0].write_bandwidth = BitsPerCycle(16);
  const sim::Result result = simulate(accelerator, four_columns());
  // Twice the array waits 8 cycles for a slot that a store of 16 cycles holds.
  EXPECT_EQ(cycles_of(result,
                      [](const Reason& r) {
                        return r.stall == Reason::Stall::kWaiting && r.why == Reason::Why::kTransfer &&
                               r.store && r.role == Role::kOutputs && r.level == 1 && r.other == 0 &&
                               r.port == "DRAM write";
                      }),
            16);
}

TEST(Reasons, TheFirstTilesComeThroughTheirPort) {
  const sim::Result result = simulate(small_machine(Buffering::kDouble), four_columns());
  // Inputs arrive last: 8 cycles of their own after 1 cycle in which the weight held the port.
  const auto inputs = [](Reason::Why why) {
    return [why](const Reason& r) {
      return r.stall == Reason::Stall::kRampIn && r.role == Role::kInputs && r.why == why &&
             r.port == "DRAM read";
    };
  };
  EXPECT_EQ(cycles_of(result, inputs(Reason::Why::kTransfer)), 8);
  EXPECT_EQ(cycles_of(result, inputs(Reason::Why::kContention)), 1);
}

TEST(Reasons, SlowOperandsAreBlamedOnTheMemoryTheyComeFrom) {
  Accelerator accelerator = small_machine(Buffering::kDouble);
  accelerator.levels[1].memories[0].read_bandwidth = BitsPerCycle(12);
  const sim::Result result =
      simulate(accelerator, tiled_product({.m = 8, .n = 1, .k = 1, .tm = 8, .tn = 1, .tk = 1}));
  // Weights take 8 x 8 / 12 = 5 1/3 cycles of the port, the inputs after them as long: the last 2 2/3 are
  // late.
  EXPECT_NEAR(cycles_of(result,
                        [](const Reason& r) {
                          return r.stall == Reason::Stall::kOperands && r.role == Role::kInputs &&
                                 r.why == Reason::Why::kTransfer && r.level == 1 && r.port == "BUF read";
                        }),
              8.0 / 3, 1e-4);
}

TEST(Reasons, HopsAreNamed) {
  Program program = four_columns();
  program.skew_in = 5;
  const sim::Result result = simulate(small_machine(Buffering::kDouble), program);
  EXPECT_EQ(cycles_of(result, [](const Reason& r) { return r.why == Reason::Why::kHops; }), 5);
}

}  // namespace
}  // namespace weft
