// Laws that counts obey whatever the mapping: nothing is lost between two levels, nothing is fetched less
// than once, every output is finished once.
// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "dataflow/evaluate.hpp"
#include "dataflow/tile_extents.hpp"
#include "dataflow/walker_nest.hpp"
#include "tests/support/generators.hpp"

namespace weft {
namespace {

using testing::for_each_seed;
using testing::random_triple;
using testing::Triple;

constexpr std::size_t kO = 2;

void for_each_counted(std::uint64_t first,
                      const std::function<void(const Triple&, const ActionCounts&)>& law) {
  for_each_seed(first, 500, [&](std::uint64_t seed) {
    const Triple t = random_triple(seed);
    law(t, count_actions(t.mapping, t.problem, t.accelerator));
  });
}

// The next level below `parent` that keeps the tensor; the depth: compute.
std::size_t next_keeper(const Mapping& mapping, std::size_t role, std::size_t parent) {
  std::size_t child = parent + 1;
  while (child < mapping.levels.size() && !mapping.levels[child].keep[role]) {
    ++child;
  }
  return child;
}

TEST(CountsProperty, MacsDoNotDependOnTheMapping) {
  for_each_counted(40000, [](const Triple& t, const ActionCounts& counts) {
    ASSERT_EQ(counts.macs, macs(t.problem)) << testing::describe(t);
  });
}

TEST(CountsProperty, WhatIsSentArrives) {
  for_each_counted(50000, [](const Triple& t, const ActionCounts& counts) {
    for (std::size_t role = 0; role < kO; ++role) {
      for (std::size_t p = 0; p < counts.levels.size(); p = next_keeper(t.mapping, role, p)) {
        const NetworkCounts& network = counts.levels[p].network[role];
        ASSERT_EQ(network.sent, counts.levels[p].tensors[role].reads) << testing::describe(t);
        ASSERT_LE(network.sent, network.delivered) << testing::describe(t);
        const std::size_t c = next_keeper(t.mapping, role, p);
        if (c < counts.levels.size()) {
          ASSERT_EQ(network.delivered, counts.levels[c].tensors[role].fills) << testing::describe(t);
        } else {
          ASSERT_LE(network.delivered, counts.macs) << testing::describe(t);
        }
      }
    }
  });
}

TEST(CountsProperty, OutputsAreConserved) {
  for_each_counted(60000, [](const Triple& t, const ActionCounts& counts) {
    for (std::size_t p = 0; p < counts.levels.size(); p = next_keeper(t.mapping, kO, p)) {
      const NetworkCounts& network = counts.levels[p].network[kO];
      const TensorCounts& at = counts.levels[p].tensors[kO];
      ASSERT_EQ(network.sent, at.updates) << testing::describe(t);
      ASSERT_LE(at.reads, at.updates) << testing::describe(t);
      const std::size_t c = next_keeper(t.mapping, kO, p);
      const std::int64_t up = c < counts.levels.size() ? counts.levels[c].tensors[kO].drains : counts.macs;
      ASSERT_EQ(network.delivered, up) << testing::describe(t);
      ASSERT_LE(at.updates, up) << testing::describe(t);
    }
    // There is one outermost instance: each word of the output starts there exactly once.
    const TensorCounts& top = counts.levels[0].tensors[kO];
    ASSERT_EQ(top.updates - top.reads, words(t.problem.tensor(Role::kOutputs))) << testing::describe(t);
  });
}

// Every word that the problem touches leaves the outermost level at least once.
TEST(CountsProperty, OutermostTrafficIsAtLeastCompulsory) {
  for_each_counted(70000, [](const Triple& t, const ActionCounts& counts) {
    Mapping whole = empty_mapping(t.accelerator);
    for (int d = 0; d < t.problem.rank(); ++d) {
      whole.levels.back().temporal.push_back({d, t.problem.size(d)});
    }
    Accelerator open = t.accelerator;
    for (StorageLevel& level : open.levels) {
      for (Memory& memory : level.memories) {
        memory.capacity.reset();
      }
    }
    // One tile that is never replaced: fetched once, if any inner level keeps the tensor.
    const ActionCounts once = count_actions(whole, t.problem, open);
    for (std::size_t role = 0; role < kO; ++role) {
      if (next_keeper(whole, role, 0) < whole.levels.size()) {
        ASSERT_LE(once.levels[0].tensors[role].reads, words(t.problem.tensors[role])) << testing::describe(t);
        ASSERT_GE(counts.levels[0].tensors[role].reads, once.levels[0].tensors[role].reads)
            << testing::describe(t);
      }
    }
  });
}

TEST(CountsProperty, MulticastAndHaloReuseNeverCostReads) {
  for_each_counted(80000, [](const Triple& t, const ActionCounts& counts) {
    Triple plain = t;
    for (StorageLevel& level : plain.accelerator.levels) {
      level.fanout.network = {NetworkKind::kUnicast, NetworkKind::kUnicast, NetworkKind::kUnicast};
      for (Memory& memory : level.memories) {
        memory.halo = Halo::kRefetch;
      }
    }
    const ActionCounts more = count_actions(plain.mapping, plain.problem, plain.accelerator);
    for (std::size_t l = 0; l < counts.levels.size(); ++l) {
      for (std::size_t role = 0; role < static_cast<std::size_t>(kRoles); ++role) {
        const TensorCounts& least = counts.levels[l].tensors[role];
        const TensorCounts& most = more.levels[l].tensors[role];
        ASSERT_LE(least.fills, most.fills) << testing::describe(t);
        ASSERT_LE(least.reads, most.reads) << testing::describe(t);
        ASSERT_LE(least.updates, most.updates) << testing::describe(t);
        ASSERT_LE(least.drains, most.drains) << testing::describe(t);
      }
    }
  });
}

// No instance ever holds more than the capacity check makes room for; without padding and edges the first
// instance holds just that.
TEST(CountsProperty, TilesFitTheRoomThatIsMadeForThem) {
  int exact = 0;
  for_each_seed(90000, 300, [&](std::uint64_t seed) {
    const Triple t = random_triple(seed);
    TileExtents extents;
    for (int l = t.accelerator.depth() - 1; l >= 0; --l) {
      extents.enclose(t.mapping.levels[static_cast<std::size_t>(l)]);
      const walker::Boundary outside(t.mapping, t.problem, l);
      for (const Role role : kAllRoles) {
        const TensorShape& tensor = t.problem.tensor(role);
        walker::RankSets sets(outside, tensor, Footprint::kUnion);
        const std::int64_t room = words_inside(tensor, extents.clipped(t.problem));
        std::int64_t most = 0;
        outside.for_each_temporal([&](const walker::Digits& temporal) {
          outside.for_each_spatial([&](const walker::Digits& spatial) {
            const auto held = sets.words(sets.tile(outside.index(temporal, spatial))).size();
            most = std::max(most, static_cast<std::int64_t>(held));
          });
        });
        ASSERT_LE(most, room) << name_of(role) << " at level " << l << "\n" << testing::describe(t);
        ASSERT_LE(tile_words(t.mapping, t.problem, role, l), room) << testing::describe(t);
        exact += most == room ? 1 : 0;
      }
    }
  });
  EXPECT_GE(exact, 300 * 2 * 3 * 8 / 10);  // of two to four levels, three tensors each
}

}  // namespace
}  // namespace weft
