// Do wires that tensors share cost time and nothing else on random problems, machines and mappings, and
// nothing at all when they are wide?
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include <gtest/gtest.h>

#include "dataflow/lower.hpp"
#include "tests/sim/forked.hpp"
#include "tests/support/generators.hpp"

namespace weft {
namespace {

using testing::simulate;
using testing::Triple;

// Wires below every level that has a tensor for them. `most`: bits a cycle.
void add_wires(Rng& rng, Accelerator& accelerator, std::int64_t most) {
  for (StorageLevel& level : accelerator.levels) {
    const auto& kinds = level.fanout.network;
    const bool systolic = std::all_of(kinds.begin(), kinds.end(),
                                      [](NetworkKind kind) { return kind == NetworkKind::kSystolic; });
    if (systolic || rng.chance(0.2)) {
      continue;
    }
    Links links{.kind = static_cast<LinkKind>(rng.uniform(0, 1)),
                .bandwidth = BitsPerCycle(static_cast<double>(rng.uniform(1, most)))};
    if (links.kind == LinkKind::kMesh) {
      links.entry_x = rng.uniform(0, level.fanout.x - 1);
      links.entry_y = rng.uniform(0, level.fanout.y - 1);
    }
    level.fanout.links = links;
  }
}

void expect_same_words(const sim::Result& a, const sim::Result& b, const Triple& t) {
  ASSERT_EQ(a.macs, b.macs);
  for (std::size_t level = 0; level < a.levels.size(); ++level) {
    for (std::size_t r = 0; r < kRoles; ++r) {
      const sim::MeasuredTensor& x = a.levels[level].tensors[r];
      const sim::MeasuredTensor& y = b.levels[level].tensors[r];
      ASSERT_TRUE(x.fills == y.fills && x.reads == y.reads && x.updates == y.updates && x.drains == y.drains)
          << testing::describe(t);
    }
  }
}

TEST(Wires, CostTimeAndNothingElse) {
  int slower = 0;
  int faster = 0;
  testing::for_each_seed(12'000, 150, [&](std::uint64_t seed) {
    Triple t = testing::random_triple(seed, {.max_macs = 4000});
    Rng rng = Rng(seed).fork(3);
    const Accelerator plain = t.accelerator;
    add_wires(rng, t.accelerator, 64);
    ASSERT_EQ(validate(t.accelerator), "") << testing::describe(t);
    Rng values(seed);
    const sim::Operands operands{random_tensor(t.problem.tensor(Role::kWeights), values),
                                 random_tensor(t.problem.tensor(Role::kInputs), values)};
    const Program program = lower(t.mapping, t.problem, plain, {.rows = true});
    const sim::Result before = simulate(plain, program, {}, &operands);
    const sim::Result result = simulate(t.accelerator, program, {}, &operands);
    ASSERT_EQ(result.outputs.value().values, before.outputs.value().values) << testing::describe(t);
    expect_same_words(result, before, t);
    ASSERT_NEAR(testing::sum_of(result.stalls), result.exact_cycles, 1e-6) << testing::describe(t);
    // Ports that are given to whoever comes first may gain a little when something comes later.
    ASSERT_GE(result.exact_cycles, 0.97 * before.exact_cycles) << testing::describe(t);
    faster += result.exact_cycles < before.exact_cycles - 1e-3 ? 1 : 0;
    slower += result.cycles > before.cycles ? 1 : 0;
    // Rows know the same wires.
    const sim::Result halves = simulate(t.accelerator, program, {.split_transfers = true});
    expect_same_words(halves, before, t);
    ASSERT_NEAR(testing::sum_of(halves.stalls), halves.exact_cycles, 1e-6) << testing::describe(t);
    const sim::Result rows = simulate(t.accelerator, program, {.detail = sim::Options::Detail::kRows});
    expect_same_words(rows, before, t);
    if (program.rows->count == 1) {
      ASSERT_EQ(rows.exact_cycles, result.exact_cycles) << testing::describe(t);
    }
  });
  EXPECT_GT(slower, 50);
  EXPECT_LE(faster, 3);
}

TEST(Wires, CostNothingWhenTheyAreWide) {
  testing::for_each_seed(12'500, 60, [&](std::uint64_t seed) {
    Triple t = testing::random_triple(seed, {.max_macs = 4000});
    const Program program = lower(t.mapping, t.problem, t.accelerator);
    const double before = simulate(t.accelerator, program).exact_cycles;
    Rng rng = Rng(seed).fork(3);
    add_wires(rng, t.accelerator, 1);
    for (StorageLevel& level : t.accelerator.levels) {
      if (level.fanout.links) {
        level.fanout.links->bandwidth = BitsPerCycle(0x1p50);
      }
    }
    ASSERT_NEAR(simulate(t.accelerator, program).exact_cycles, before, 1e-4) << testing::describe(t);
  });
}

}  // namespace
}  // namespace weft
