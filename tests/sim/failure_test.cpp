// What happens when something is wrong: a machine too many, a program for another machine, a lost credit.
// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "arch/sim/machine.hpp"
#include "base/child_process.hpp"
#include "base/error.hpp"
#include "tests/sim/forked.hpp"
#include "tests/sim/hand_made.hpp"

namespace weft {
namespace {

using ::testing::HasSubstr;
using testing::simulate;
using testing::small_machine;
using testing::tiled_product;

// Exceptions thrown after the kernel has switched stacks: the address sanitizer does not know those stacks
// ("is ignoring requested __asan_handle_no_return") and then reports errors in itself.
#if defined(__SANITIZE_ADDRESS__)
constexpr bool kAddressSanitizer = true;
#elif defined(__has_feature)
constexpr bool kAddressSanitizer = __has_feature(address_sanitizer);
#else
constexpr bool kAddressSanitizer = false;
#endif

class Failure : public ::testing::Test {
 protected:
  void SetUp() override {
    if (kAddressSanitizer) {
      GTEST_SKIP() << "exceptions and SystemC's coroutines under the address sanitizer";
    }
  }
};

// The sentence `work` fails with, in a child process; empty: it did not fail.
std::string complaint(const std::function<void()>& work) {
  return in_child([&]() -> std::string {
    try {
      work();
    } catch (const InternalError& error) {
      return error.what();
    }
    return "";
  });
}

TEST_F(Failure, AProcessHoldsOneSimulator) {
  EXPECT_THAT(complaint([] {
                const sim::Simulator first(small_machine(Buffering::kDouble));
                const sim::Simulator second(small_machine(Buffering::kDouble));
              }),
              HasSubstr("a process can hold one simulator"));
}

TEST_F(Failure, AProgramForAnotherMachineIsRefused) {
  const Program good = tiled_product({.m = 2, .n = 2, .k = 2});
  const auto refusal = [](Program program) {
    return complaint([&] { (void)sim::Simulator(small_machine(Buffering::kDouble)).run(program); });
  };
  EXPECT_EQ(refusal(good), "");
  Program program = good;
  program.keepers[0] = {0, 1, 2};
  EXPECT_THAT(refusal(program), HasSubstr("level 2 is no place for weights"));
  program = good;
  program.keepers[0] = {0};
  EXPECT_THAT(refusal(program), HasSubstr("not neighbouring keepers"));
  program = good;
  program.steps[0].loads.clear();
  EXPECT_THAT(refusal(program), HasSubstr("the first step does not load weights"));
  program = good;
  program.steps[1].cycles = 0;
  EXPECT_THAT(refusal(program), HasSubstr("takes no cycle"));
  program = good;
  program.instances_used = {1, 2, 2};
  EXPECT_THAT(refusal(program), HasSubstr("2 instances of level 1, which has 1"));
  program = good;
  program.steps.clear();
  EXPECT_THAT(refusal(program), HasSubstr("no steps"));
  program = good;
  program.rank_sets[0][0][0] = {7};
  EXPECT_THAT(refusal(program), HasSubstr("within its extent 2"));
  program = good;
  program.steps[2].iteration[1] = 9;
  EXPECT_THAT(refusal(program), HasSubstr("step 2"));
}

TEST_F(Failure, ALevelWithoutAMemoryForTheTensorIsRefused) {
  Accelerator accelerator = small_machine(Buffering::kDouble);
  accelerator.levels[1].memories[0].holds = {false, true, true};
  EXPECT_THAT(complaint([&] { (void)sim::Simulator(accelerator).run(tiled_product({})); }),
              HasSubstr("'BUF' has no memory for weights"));
}

// A slot that nobody gives back: the loads of weights stop for good, and the report says who waits.
TEST_F(Failure, ADeadlockNamesEveryoneWhoWaits) {
  const std::string text = complaint([] {
    sim::Machine machine("machine", small_machine(Buffering::kSingle), {});
    sc_core::sc_start(sc_core::SC_ZERO_TIME);
    machine.slots(Role::kWeights, 1)->lose_slot();
    (void)machine.run(tiled_product({.m = 2, .n = 2, .k = 2}), nullptr, nullptr);
  });
  EXPECT_THAT(text, HasSubstr("deadlock"));
  EXPECT_THAT(text, HasSubstr("loads weights into BUF: at 0, waits for a free slot (from: computes)"));
  EXPECT_THAT(text,
              HasSubstr("computes: at 0, waits for its tile of weights (from: loads weights into BUF)"));
  EXPECT_THAT(
      text, HasSubstr("stores outputs from BUF: at 0, waits for the last use of the tile (from: computes)"));
  EXPECT_THAT(text, HasSubstr("weights in BUF: 0 of 4 tiles arrived, 0 left, 0 slots, 0 taken"));
  EXPECT_THAT(
      text,
      HasSubstr("inputs in BUF: 1 of 8 tiles arrived, 0 left, 1 slots, 1 taken, the oldest has 1 users"));
}

TEST_F(Failure, AfterADeadlockTheMachineSaysSo) {
  const std::string text = complaint([] {
    sim::Machine machine("machine", small_machine(Buffering::kSingle), {});
    sc_core::sc_start(sc_core::SC_ZERO_TIME);
    machine.slots(Role::kWeights, 1)->lose_slot();
    const Program program = tiled_product({});
    EXPECT_THROW((void)machine.run(program, nullptr, nullptr), InternalError);
    (void)machine.run(program, nullptr, nullptr);
  });
  EXPECT_THAT(text, HasSubstr("got stuck in an earlier program"));
}

TEST_F(Failure, ABlockOfAnotherSizeThanStatedIsABug) {
  Program program = tiled_product({.m = 2, .n = 2, .k = 2});
  program.steps[3].macs = 5;
  Rng rng(1);
  const sim::Operands operands = {random_tensor(program.problem.tensor(Role::kWeights), rng),
                                  random_tensor(program.problem.tensor(Role::kInputs), rng)};
  EXPECT_THAT(
      complaint([&] { (void)sim::Simulator(small_machine(Buffering::kDouble)).run(program, &operands); }),
      HasSubstr("another number of MACs"));
}

}  // namespace
}  // namespace weft
