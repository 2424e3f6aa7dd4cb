// Does every cycle have an owner? For random problems, machines, mappings and delays the time of each
// component, and what the array stood still for, add up to the run's cycles to the last bit.
// SPDX-License-Identifier: Apache-2.0
#include <cmath>
#include <map>

#include <gtest/gtest.h>

#include "dataflow/lower.hpp"
#include "tests/sim/forked.hpp"
#include "tests/support/generators.hpp"

namespace weft {
namespace {

using sim::Reason;
using testing::Triple;

// Sums of multiples of a tick below 2^33 cycles are exact in any order.
double total_of(const sim::Component& component) {
  double sum = component.busy + component.idle;
  for (const auto& [what, cycles] : component.waits) {
    EXPECT_GT(cycles, 0) << component.name << ": " << what;
    sum += cycles;
  }
  return sum;
}

void check_components(const sim::Result& result) {
  int ports = 0;
  for (const sim::Component& component : result.components) {
    EXPECT_EQ(total_of(component), result.exact_cycles) << component.name;
    EXPECT_GE(component.busy, 0) << component.name;
    EXPECT_GE(component.idle, 0) << component.name;
    ports += component.kind == sim::Component::Kind::kPort ? 1 : 0;
  }
  ASSERT_FALSE(result.components.empty());
  EXPECT_EQ(result.components.front().name, "array");
  EXPECT_EQ(result.components.front().busy, result.stalls.computing);
  EXPECT_EQ(result.components.front().idle, 0);
}

void check_reasons(const sim::Result& result) {
  const sim::Stalls& stalls = result.stalls;
  std::map<Reason::Stall, double> sums;
  double last = result.exact_cycles;
  for (const Reason& reason : stalls.reasons) {
    EXPECT_GT(reason.cycles, 0);
    EXPECT_LE(reason.cycles, last);
    last = reason.cycles;
    sums[reason.stall] += reason.cycles;
  }
  EXPECT_EQ(sums[Reason::Stall::kRampIn], stalls.ramp_in);
  EXPECT_EQ(sums[Reason::Stall::kWaiting],
            stalls.waiting_for[0] + stalls.waiting_for[1] + stalls.waiting_for[2]);
  EXPECT_EQ(sums[Reason::Stall::kOperands], stalls.operand_bandwidth);
  EXPECT_EQ(sums[Reason::Stall::kCommands], stalls.commands);
  EXPECT_EQ(sums[Reason::Stall::kHeldBack], stalls.held_back);
  EXPECT_EQ(sums[Reason::Stall::kRampOut], stalls.ramp_out);
  EXPECT_EQ(testing::sum_of(stalls), result.exact_cycles);
  EXPECT_EQ(std::ceil(result.exact_cycles - 1.0 / 1024), static_cast<double>(result.cycles));
}

// A reason without a name would hide what the chain of engines was doing.
double unexplained(const sim::Result& result) {
  double cycles = 0;
  for (const Reason& reason : result.stalls.reasons) {
    const bool waits = reason.stall == Reason::Stall::kWaiting || reason.stall == Reason::Stall::kOperands ||
                       reason.stall == Reason::Stall::kRampIn;
    cycles += waits && reason.why == Reason::Why::kOther ? reason.cycles : 0;
  }
  return cycles;
}

TEST(Stalls, AddUpForEveryComponent) {
  double waited = 0;
  double nameless = 0;
  testing::for_each_seed(1, 1000, [&](std::uint64_t seed) {
    const Triple t = testing::random_triple(seed);
    const sim::Result result = testing::simulate(t.accelerator, lower(t.mapping, t.problem, t.accelerator));
    check_components(result);
    check_reasons(result);
    ASSERT_FALSE(::testing::Test::HasFailure()) << "seed " << seed << '\n' << testing::describe(t);
    waited += testing::sum_of(result.stalls) - result.stalls.computing;
    nameless += unexplained(result);
  });
  EXPECT_EQ(nameless, 0) << "of " << waited << " cycles of waiting";
}

TEST(Stalls, AddUpUnderRandomDelays) {
  double held_back = 0;
  testing::for_each_seed(1, 300, [&](std::uint64_t seed) {
    const Triple t = testing::random_triple(seed);
    const sim::Result result = testing::simulate(t.accelerator, lower(t.mapping, t.problem, t.accelerator),
                                                 {.max_jitter_cycles = 25, .seed = seed});
    check_components(result);
    check_reasons(result);
    ASSERT_FALSE(::testing::Test::HasFailure()) << "seed " << seed << '\n' << testing::describe(t);
    held_back += result.stalls.held_back;
  });
  EXPECT_GT(held_back, 0);
}

}  // namespace
}  // namespace weft
