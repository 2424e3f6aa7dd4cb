// Do banks cost time and nothing else on random problems, machines and mappings, and nothing at all when
// there is one for every line and nobody else in them? SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include <gtest/gtest.h>

#include "dataflow/lower.hpp"
#include "tests/sim/forked.hpp"
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

TEST(Banks, CostTimeAndNothingElse) {
  int slower = 0;
  int faster = 0;
  testing::for_each_seed(13'000, 150, [&](std::uint64_t seed) {
    Triple t = testing::random_triple(seed, {.max_macs = 4000});
    Rng rng = Rng(seed).fork(5);
    add_banks(rng, t.accelerator);
    ASSERT_EQ(validate(t.accelerator), "") << testing::describe(t);
    const Accelerator plain = without_banks(t.accelerator);
    Rng values(seed);
    const sim::Operands operands{random_tensor(t.problem.tensor(Role::kWeights), values),
                                 random_tensor(t.problem.tensor(Role::kInputs), values)};
    const Program program = lower(t.mapping, t.problem, plain, {.rows = true});
    const sim::Result before = simulate(plain, program, {}, &operands);
    const sim::Result result = simulate(t.accelerator, program, {}, &operands);
    ASSERT_EQ(result.outputs.value().values, before.outputs.value().values) << testing::describe(t);
    expect_same_words(result, before, t);
    ASSERT_NEAR(testing::sum_of(result.stalls), result.exact_cycles, 1e-6) << testing::describe(t);
    for (const sim::Component& component : result.components) {
      double sum = component.busy + component.idle;
      for (const auto& wait : component.waits) {
        ASSERT_GT(wait.second, 0) << testing::describe(t);
        sum += wait.second;
      }
      ASSERT_NEAR(sum, result.exact_cycles, 1e-6) << component.name << testing::describe(t);
      ASSERT_GE(component.idle, -1e-6) << component.name << testing::describe(t);
    }
    // Ports that are given to whoever comes first may gain a little when something comes later.
    ASSERT_GE(result.exact_cycles, 0.97 * before.exact_cycles) << testing::describe(t);
    faster += result.exact_cycles < before.exact_cycles - 1e-3 ? 1 : 0;
    slower += result.cycles > before.cycles ? 1 : 0;
    const sim::Result halves = simulate(t.accelerator, program, {.split_transfers = true});
    expect_same_words(halves, before, t);
    ASSERT_NEAR(testing::sum_of(halves.stalls), halves.exact_cycles, 1e-6) << testing::describe(t);
    const sim::Result rows = simulate(t.accelerator, program, {.detail = sim::Options::Detail::kRows});
    expect_same_words(rows, before, t);
    if (program.rows->count == 1) {
      ASSERT_EQ(rows.exact_cycles, result.exact_cycles) << testing::describe(t);
    }
    const sim::Result late = simulate(t.accelerator, program, {.max_jitter_cycles = 20}, &operands);
    ASSERT_EQ(late.outputs.value().values, before.outputs.value().values) << testing::describe(t);
  });
  EXPECT_GT(slower, 50);
  EXPECT_LE(faster, 3);
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
