// Do banks cost time and nothing else on random problems, machines and mappings, and nothing at all when
// there is one for every line and nobody else in them? SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include <gtest/gtest.h>

#include "dataflow/lower.hpp"
#include "tests/differential/time_only.hpp"
#include "tests/support/generators.hpp"

namespace weft {
namespace {

using testing::simulate;
using testing::Triple;

// Ports of a stated width and banks for every memory but the outermost.
void add_banks(Rng& rng, Accelerator& accelerator) {
  for (std::size_t level = 1; level < accelerator.levels.size(); ++level) {
    for (Memory& memory : accelerator.levels[level].memories) {
      const auto limit = [&](std::optional<BitsPerCycle>& bandwidth) {
        bandwidth = bandwidth.value_or(BitsPerCycle(static_cast<double>(rng.uniform(8, 256))));
      };
      if (!memory.shared_bandwidth) {
        limit(memory.read_bandwidth);
        limit(memory.write_bandwidth);
      }
      for (auto& own : memory.ports) {
        if (own) {
          limit(own->read);
          limit(own->write);
        }
      }
      memory.width = Bits(8 * rng.uniform(1, 8));
      memory.banks = static_cast<int>(rng.uniform(1, 8));
      memory.banking = Banking{.interleave = Bits(memory.width.count() * rng.uniform(1, 3)),
                               .ports = static_cast<BankPorts>(rng.uniform(0, 1)),
                               .layout = static_cast<Layout>(rng.uniform(0, 1))};
    }
  }
}

Accelerator without_banks(Accelerator accelerator) {
  for (StorageLevel& level : accelerator.levels) {
    for (Memory& memory : level.memories) {
      memory.banking.reset();
    }
  }
  return accelerator;
}

TEST(Banks, CostTimeAndNothingElse) {
  testing::Changes changes;
  testing::for_each_seed(13'000, 150, [&](std::uint64_t seed) {
    Triple t = testing::random_triple(seed, {.max_macs = 4000});
    Rng rng = Rng(seed).fork(5);
    add_banks(rng, t.accelerator);
    testing::expect_time_only(t, without_banks(t.accelerator), seed, changes);
  });
  EXPECT_GT(changes.slower, 50);
  EXPECT_LE(changes.faster, 3);
}

TEST(Banks, CostNothingWhenEveryLineHasItsOwn) {
  testing::for_each_seed(13'500, 60, [&](std::uint64_t seed) {
    Triple t = testing::random_triple(seed, {.max_macs = 4000});
    Rng rng = Rng(seed).fork(5);
    for (StorageLevel& level : t.accelerator.levels) {
      for (Memory& memory : level.memories) {
        memory.ports = {};
      }
    }
    add_banks(rng, t.accelerator);
    for (std::size_t level = 1; level < t.accelerator.levels.size(); ++level) {
      for (Memory& memory : t.accelerator.levels[level].memories) {
        memory.width = Bits(256);
        memory.banks = 1024;
        memory.banking = Banking{.interleave = Bits(256), .ports = BankPorts::kTwo};
      }
    }
    ASSERT_EQ(validate(t.accelerator), "") << testing::describe(t);
    const Program program = lower(t.mapping, t.problem, t.accelerator);
    ASSERT_EQ(simulate(t.accelerator, program).exact_cycles,
              simulate(without_banks(t.accelerator), program).exact_cycles)
        << testing::describe(t);
  });
}

}  // namespace
}  // namespace weft
