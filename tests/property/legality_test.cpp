// Any legal mapping becomes illegal for exactly the reason that an edit gives it.
// SPDX-License-Identifier: Apache-2.0
#include "dataflow/legality.hpp"

#include <gtest/gtest.h>

#include "tests/support/generators.hpp"

namespace weft {
namespace {

using testing::for_each_seed;
using testing::random_triple;
using testing::Triple;

TEST(LegalityProperty, DrawnMappingsAreLegal) {
  for_each_seed(100000, 2000, [](std::uint64_t seed) {
    const Triple t = random_triple(seed);
    const auto found = check(t.mapping, t.problem, t.accelerator);
    ASSERT_FALSE(found) << explain(*found, t.problem, t.accelerator) << "\n" << testing::describe(t);
    ASSERT_EQ(validate(t.accelerator), "") << testing::describe(t);
    ASSERT_EQ(validate(t.problem), "");
  });
}

class Edits : public ::testing::TestWithParam<int> {};

TEST_P(Edits, AreFoundForTheirReason) {
  const auto reason = static_cast<Reason>(GetParam());
  int applied = 0;
  for_each_seed(110000, 300, [&](std::uint64_t seed) {
    Triple t = random_triple(seed);
    Rng rng(seed);
    if (!testing::make_illegal(rng, reason, t)) {
      return;
    }
    ++applied;
    const auto found = check(t.mapping, t.problem, t.accelerator);
    ASSERT_TRUE(found) << "seed " << seed;
    ASSERT_EQ(name_of(found->reason), name_of(reason))
        << explain(*found, t.problem, t.accelerator) << ", seed " << seed;
    ASSERT_FALSE(explain(*found, t.problem, t.accelerator).empty());
  });
  EXPECT_GE(applied, 50);
}

INSTANTIATE_TEST_SUITE_P(LegalityProperty, Edits, ::testing::Range(0, kReasons));

// Less room never makes an illegal mapping legal, and what the rejection asks for is enough.
TEST(LegalityProperty, NeededCapacityIsEnough) {
  int grown = 0;
  for_each_seed(120000, 500, [&](std::uint64_t seed) {
    Triple t = random_triple(seed);
    Rng rng(seed);
    if (!testing::make_illegal(rng, Reason::kCapacity, t)) {
      return;
    }
    const auto found = check(t.mapping, t.problem, t.accelerator);
    ASSERT_TRUE(found);
    Memory& memory = t.accelerator.levels[static_cast<std::size_t>(found->level)]
                         .memories[static_cast<std::size_t>(found->index)];
    memory.capacity = Bits(found->needed * (memory.buffering == Buffering::kDouble ? 2 : 1));
    ASSERT_FALSE(check(t.mapping, t.problem, t.accelerator)) << testing::describe(t);
    ++grown;
  });
  EXPECT_GE(grown, 100);
}

}  // namespace
}  // namespace weft
