// Do mechanisms that only cost time (commands, latencies, requests, caches, whole tiles fetched, tiles in
// flight) leave counts and values alone on random problems, machines and mappings, and never lock?
// SPDX-License-Identifier: Apache-2.0
#include <string>

#include <gtest/gtest.h>

#include "dataflow/evaluate.hpp"
#include "dataflow/lower.hpp"
#include "tests/differential/same_words.hpp"
#include "tests/sim/forked.hpp"
#include "tests/sim/operands.hpp"
#include "tests/support/generators.hpp"

namespace weft {
namespace {

using testing::simulate;
using testing::Triple;

void add_mechanisms(Rng& rng, const Problem& problem, Accelerator& accelerator) {
  if (rng.chance(0.7)) {
    Commands commands;
    commands.iterations = rng.uniform(1, 20);
    commands.along = {problem.dims[static_cast<std::size_t>(rng.uniform(0, problem.rank() - 1))].name};
    commands.least = Cycles(rng.uniform(0, 5));
    commands.preload = Cycles(rng.uniform(0, 20));
    commands.in_flight = rng.uniform(1, 8);
    commands.latency = Cycles(rng.uniform(0, 60));
    accelerator.controller.commands = commands;
  }
  if (rng.chance(0.7)) {
    accelerator.controller.tiles_in_flight = rng.uniform(1, 3);
  }
  for (StorageLevel& level : accelerator.levels) {
    for (Memory& memory : level.memories) {
      memory.fetch = static_cast<Fetch>(rng.uniform(0, 2));
    }
  }
  for (StorageLevel& level : accelerator.levels) {
    for (Memory& memory : level.memories) {
      memory.latency = Cycles(rng.chance(0.3) ? rng.uniform(1, 50) : 0);
    }
  }
  if (rng.chance(0.7)) {
    Memory& outermost = accelerator.levels[0].memories[0];
    outermost.ports = {};
    outermost.shared_bandwidth.reset();
    outermost.read_bandwidth = BitsPerCycle(static_cast<double>(rng.uniform(1, 128)));
    outermost.write_bandwidth = BitsPerCycle(static_cast<double>(rng.uniform(1, 128)));
    outermost.requests = Requests{.read = Bits(rng.uniform(1, 512)),
                                  .write = Bits(rng.uniform(1, 512)),
                                  .least = Cycles(rng.uniform(0, 4)),
                                  .layout = static_cast<Layout>(rng.uniform(0, 1))};
    if (rng.chance(0.5)) {
      outermost.cache = Cache{.capacity = Bits(512 * rng.uniform(8, 64)),
                              .ways = rng.uniform(1, 4),
                              .line = Bits(512),
                              .miss = Cycles(rng.uniform(0, 10))};
    }
  }
}

TEST(Mechanisms, CostTimeAndNothingElse) {
  int slower = 0;
  testing::for_each_seed(9'000, 150, [&](std::uint64_t seed) {
    Triple t = testing::random_triple(seed, {.max_macs = 4000});
    Rng rng = Rng(seed).fork(77);
    const Accelerator plain = t.accelerator;
    add_mechanisms(rng, t.problem, t.accelerator);
    ASSERT_EQ(validate(t.accelerator), "") << testing::describe(t);
    const sim::Operands operands = testing::operands_of(t.problem, seed);
    const sim::Result result =
        simulate(t.accelerator, lower(t.mapping, t.problem, t.accelerator), {}, &operands);
    const sim::Result before = simulate(plain, lower(t.mapping, t.problem, plain), {}, &operands);
    ASSERT_EQ(result.outputs.value().values, before.outputs.value().values) << testing::describe(t);
    testing::expect_same_words(result, before, t);
    ASSERT_NEAR(testing::sum_of(result.stalls), static_cast<double>(result.cycles), 1.0)
        << testing::describe(t);
    slower += result.cycles > before.cycles ? 1 : 0;
  });
  EXPECT_GT(slower, 0);
}

}  // namespace
}  // namespace weft
