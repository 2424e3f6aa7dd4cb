// What does a bus cost that loads and stores share? Every expected number is counted by hand.
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include <gtest/gtest.h>

#include "tests/sim/forked.hpp"
#include "tests/sim/hand_made.hpp"

namespace weft {
namespace {

using sim::Reason;
using sim::Result;
using testing::four_columns;
using testing::simulate;
using testing::small_machine;
using testing::sum_of;

Accelerator machine_with_bus(double bits_per_cycle) {
  Accelerator accelerator = small_machine(Buffering::kDouble);
  accelerator.levels[0].fanout.name = "DRAM_network";
  accelerator.levels[0].fanout.links =
      Links{.kind = LinkKind::kBus, .bandwidth = BitsPerCycle(bits_per_cycle)};
  return accelerator;
}

double cycles_of(const Result& result, Reason::Why why) {
  double cycles = 0;
  for (const Reason& reason : result.stalls.reasons) {
    cycles += reason.why == why ? reason.cycles : 0;
  }
  return cycles;
}

TEST(Wires, ABusAsWideAsItsPortsOnlyOrdersWhatMeetsOnIt) {
  // Without: weight 0..1, inputs 1..9, MACs 9..41, stores of 8, the last one 41..49. A bus of 32 b takes
  // those stores in the same time. Weight 2 is asked for at 17, as the first store is, which goes
  // first: 17..25. The weight is on the bus 25..25.25 and there at 26, step 2 runs 26..34. The second store
  // is on the bus 25.25..33.25, weight 3 behind it is there at 34.25, step 3 runs until 42.25, and the last
  // store 50.25.
  const Result result = simulate(machine_with_bus(32), four_columns());
  EXPECT_EQ(result.stalls.computing, 32);
  EXPECT_EQ(result.exact_cycles, 50.25);
  EXPECT_NEAR(sum_of(result.stalls), result.exact_cycles, 1e-9);
}

TEST(Wires, LoadsAndStoresTakeTurnsOnABus) {
  const Result result = simulate(machine_with_bus(8), four_columns());
  // Stores take 32 of the bus. Steps 0 and 1 run 9..17 and 17..25. The first store goes 17..49; weight 2,
  // asked for at 17 too, comes 49..50, and step 2 runs until 58. The second store goes 50..82, weight 3
  // comes 82..83, step 3 runs until 91; the last two stores go 83..115 and 115..147.
  EXPECT_EQ(result.cycles, 147);
  EXPECT_EQ(result.stalls.computing, 32);
  EXPECT_EQ(sum_of(result.stalls), 147);
  // Weights 2 and 3 come last: the stores were on the bus for 25..49 and 58..82, then a cycle each moves
  // them.
  EXPECT_EQ(cycles_of(result, Reason::Why::kWiresTaken), 24 + 24);
}

TEST(Wires, ASlowBusIsNamed) {
  const Result result = simulate(machine_with_bus(4), four_columns());
  // The first weight is on the bus for 2 cycles, the inputs behind it for 16.
  EXPECT_EQ(result.stalls.ramp_in, 18);
  double taken = 0;
  double moving = 0;
  for (const Reason& reason : result.stalls.reasons) {
    const bool first = reason.stall == Reason::Stall::kRampIn && reason.port == "DRAM_network bus";
    taken += first && reason.why == Reason::Why::kWiresTaken ? reason.cycles : 0;
    moving += first && reason.why == Reason::Why::kWires ? reason.cycles : 0;
  }
  EXPECT_EQ(taken, 2);
  EXPECT_EQ(moving, 16);
}

TEST(Wires, EveryCycleOfABusHasAnOwner) {
  const Result result = simulate(machine_with_bus(8), four_columns());
  const auto bus =
      std::find_if(result.components.begin(), result.components.end(),
                   [](const sim::Component& component) { return component.name == "DRAM_network bus"; });
  ASSERT_NE(bus, result.components.end());
  EXPECT_EQ(bus->busy, 1 + 8 + 3 * 1 + 4 * 32);  // weights, inputs, stores
  double sum = bus->busy + bus->idle;
  for (const auto& [what, cycles] : bus->waits) {
    sum += cycles;
  }
  EXPECT_EQ(sum, 147);
}

}  // namespace
}  // namespace weft
