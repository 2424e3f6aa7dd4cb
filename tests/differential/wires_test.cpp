// Do wires that tensors share cost time and nothing else on random problems, machines and mappings, and
// nothing at all when they are wide?
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include <gtest/gtest.h>

#include "dataflow/lower.hpp"
#include "tests/differential/time_only.hpp"
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

TEST(Wires, CostTimeAndNothingElse) {
  testing::Changes changes;
  testing::for_each_seed(12'000, 150, [&](std::uint64_t seed) {
    Triple t = testing::random_triple(seed, {.max_macs = 4000});
    Rng rng = Rng(seed).fork(3);
    const Accelerator plain = t.accelerator;
    add_wires(rng, t.accelerator, 64);
    testing::expect_time_only(t, plain, seed, changes);
  });
  EXPECT_GT(changes.slower, 50);
  EXPECT_LE(changes.faster, 3);
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
