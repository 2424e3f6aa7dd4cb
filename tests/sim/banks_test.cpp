// What do banks cost? Every expected number is counted by hand.
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include <gtest/gtest.h>

#include "tests/sim/forked.hpp"
#include "tests/sim/hand_made.hpp"

namespace weft {
namespace {

using sim::Reason;
using sim::Result;
using testing::simulate;
using testing::small_machine;
using testing::sum_of;
using testing::tiled_product;

// One step of 8 MACs: a weight (8 b), 8 inputs (64 b), 8 sums (256 b). Every port 32 b a cycle.
Program one_column() {
  return tiled_product({.m = 8, .n = 1, .k = 1, .tm = 8, .tn = 1, .tk = 1});
}

Accelerator machine_with(int banks, BankPorts ports) {
  Accelerator accelerator = small_machine(Buffering::kDouble);
  accelerator.levels[0].memories[0].read_bandwidth = BitsPerCycle(32);
  Memory& buffer = accelerator.levels[1].memories[0];
  buffer.read_bandwidth = buffer.write_bandwidth = BitsPerCycle(32);
  buffer.width = Bits(8);
  buffer.banks = banks;
  buffer.banking = Banking{.interleave = Bits(8), .ports = ports};
  return accelerator;
}

TEST(Banks, AsManyAsThePortsTakeCostNothing) {
  // Weight 0..0.25, inputs 0.25..2.25, MACs 8, store 8.
  const Result result = simulate(machine_with(4, BankPorts::kTwo), one_column());
  EXPECT_EQ(result.exact_cycles, 18.25);
  Accelerator plain = machine_with(4, BankPorts::kTwo);
  plain.levels[1].memories[0].banking.reset();
  EXPECT_EQ(simulate(plain, one_column()).exact_cycles, 18.25);
}

TEST(Banks, TooFewServeALineACycle) {
  // Two banks: four inputs a cycle take two, a sum of four lines two: 0.25 + 4, 16, 16.
  EXPECT_EQ(simulate(machine_with(2, BankPorts::kTwo), one_column()).exact_cycles, 36.25);
  // One: twice that.
  EXPECT_EQ(simulate(machine_with(1, BankPorts::kTwo), one_column()).exact_cycles, 72.25);
}

TEST(Banks, ReadsAndWritesOfTheSameBanksTakeTurns) {
  const Result result = simulate(machine_with(4, BankPorts::kOne), one_column());
  // The sums of a cycle want all four banks. The weight is read once in its port's 2 cycles, so for these
  // bank 0 has half of its cycles left, and the sums go 0..9 instead of 0..8. The inputs, which wait for the
  // weight's port until 2, go 9..11: 3 cycles more than the MACs.
  EXPECT_EQ(result.exact_cycles, 18.25 + 3);
  EXPECT_EQ(result.stalls.operand_bandwidth, 3);
  double banks = 0;
  for (const Reason& reason : result.stalls.reasons) {
    banks += reason.why == Reason::Why::kBank && reason.port == "BUF read" ? reason.cycles : 0;
  }
  EXPECT_EQ(banks, 3);
  EXPECT_EQ(sum_of(result.stalls), 21.25);
}

TEST(Banks, EveryCycleOfAPortHasAnOwner) {
  const Result result = simulate(machine_with(4, BankPorts::kOne), one_column());
  int waited = 0;
  for (const sim::Component& component : result.components) {
    double sum = component.busy + component.idle;
    for (const auto& [what, cycles] : component.waits) {
      sum += cycles;
      if (what == "a bank") {
        ++waited;
        EXPECT_EQ(cycles, component.name == "BUF read" ? 7 : 1) << component.name;
      }
    }
    EXPECT_NEAR(sum, result.exact_cycles, 1e-9) << component.name;
    EXPECT_GE(component.idle, 0) << component.name;
  }
  EXPECT_EQ(waited, 2);
}

}  // namespace
}  // namespace weft
