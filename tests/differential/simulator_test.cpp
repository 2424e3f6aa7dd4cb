// Does the simulated machine move, compute and last exactly what the model says, on random problems, machines
// and mappings?
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cmath>
#include <string>

#include <gtest/gtest.h>

#include "dataflow/evaluate.hpp"
#include "dataflow/lower.hpp"
#include "tests/sim/forked.hpp"
#include "tests/sim/operands.hpp"
#include "tests/support/generators.hpp"

namespace weft {
namespace {

using testing::simulate;
using testing::Triple;

ActionCounts measured(const sim::Result& result, const Program& program) {
  ActionCounts counts;
  for (std::size_t l = 0; l < result.levels.size(); ++l) {
    LevelCounts& level = counts.levels.emplace_back();
    level.instances_used = program.instances_used[l];
    for (std::size_t r = 0; r < kRoles; ++r) {
      const sim::MeasuredTensor& m = result.levels[l].tensors[r];
      level.tensors[r] = {.fills = m.fills, .reads = m.reads, .updates = m.updates, .drains = m.drains};
      level.network[r] = {.sent = m.sent, .delivered = m.delivered, .read_back = m.read_back};
    }
  }
  counts.macs = result.macs;
  counts.compute_units_used = program.instances_used.back();
  return counts;
}

// The array waits for nothing between its first and last MAC, and nothing gets into the way of the ramps.
bool undisturbed(const sim::Result& result) {
  const sim::Stalls& s = result.stalls;
  return s.waiting_for[0] + s.waiting_for[1] + s.waiting_for[2] + s.operand_bandwidth == 0 &&
         !result.ramp_interference;
}

// A memory that cannot fill while it is used: the model adds its loads and stores even where the machine
// finds time for them, because the level below has taken its last tile already.
bool has_single_buffer(const Program& program, const Accelerator& accelerator) {
  for (const Role role : kAllRoles) {
    for (const int level : program.keepers[static_cast<std::size_t>(index_of(role))]) {
      const Memory* memory = accelerator.levels[static_cast<std::size_t>(level)].memory_for(role);
      if (level > 0 && memory->buffering == Buffering::kSingle) {
        return true;
      }
    }
  }
  return false;
}

// Every port faster by a random power of two, and no single buffers: fewer machines that only wait for their
// memories.
Accelerator eased(Accelerator accelerator, std::uint64_t seed) {
  Rng rng(seed);
  for (StorageLevel& level : accelerator.levels) {
    for (Memory& memory : level.memories) {
      if (memory.buffering == Buffering::kSingle) {
        memory.buffering = Buffering::kBuffet;  // gives a tile as much room
      }
      std::vector<std::optional<BitsPerCycle>*> all = {&memory.read_bandwidth, &memory.write_bandwidth,
                                                       &memory.shared_bandwidth};
      for (std::optional<Bandwidths>& own : memory.ports) {
        if (own) {
          all.insert(all.end(), {&own->read, &own->write, &own->shared});
        }
      }
      for (auto* port : all) {
        if (*port) {
          *port = **port * static_cast<double>(std::int64_t{1} << rng.uniform(3, 9));
        }
      }
    }
  }
  return accelerator;
}

double busiest(const Timing& timing, int level) {
  double most = 0;
  for (const PortBusy& port : timing.ports) {
    if (port.level == level) {
      most = std::max({most, port.read, port.write, port.shared});
    }
  }
  return most;
}

enum class Class : std::uint8_t { kDisturbed, kSerial, kUndisturbed };

// What must hold of every run; says which class it is of.
Class check_timing(const Triple& t) {
  const Program program = lower(t.mapping, t.problem, t.accelerator);
  const sim::Result result = simulate(t.accelerator, program);
  const Timing timing = evaluate(t.mapping, t.problem, t.accelerator).timing;
  EXPECT_GE(result.cycles, timing.compute_cycles) << testing::describe(t);
  EXPECT_EQ(result.stalls.computing, static_cast<double>(timing.compute_cycles)) << testing::describe(t);
  EXPECT_EQ(std::ceil(testing::sum_of(result.stalls) - 1.0 / 1024), static_cast<double>(result.cycles))
      << testing::describe(t);
  for (int level = 0; level < t.accelerator.depth(); ++level) {
    const double model = busiest(timing, level);
    EXPECT_NEAR(result.levels[static_cast<std::size_t>(level)].busy_cycles, model, 1e-3 + 1e-6 * model)
        << "level " << level << '\n'
        << testing::describe(t);
    EXPECT_GE(static_cast<double>(result.cycles), model - 1.0 / 1024) << testing::describe(t);
  }
  if (!undisturbed(result)) {
    return Class::kDisturbed;
  }
  if (has_single_buffer(program, t.accelerator)) {
    EXPECT_LE(result.cycles, timing.cycles) << testing::describe(t);
    return Class::kSerial;
  }
  EXPECT_EQ(result.cycles, timing.cycles) << testing::describe(t);
  return Class::kUndisturbed;
}

TEST(Simulator, CountsAndComputesWhatTheModelAndTheReferenceSay) {
  testing::for_each_seed(1, 2000, [](std::uint64_t seed) {
    const Triple t = testing::random_triple(seed);
    const Program program = lower(t.mapping, t.problem, t.accelerator);
    const sim::Operands operands = testing::operands_of(t.problem, seed);
    const sim::Result result = simulate(t.accelerator, program, {}, &operands);
    ASSERT_EQ(measured(result, program), count_actions(t.mapping, t.problem, t.accelerator))
        << testing::describe(t);
    ASSERT_EQ(result.outputs->values, reference(t.problem, operands.weights, operands.inputs).values)
        << testing::describe(t);
  });
}

TEST(Simulator, TakesTheModelsCyclesWhereNothingIsInTheWay) {
  int exact = 0;
  int runs = 0;
  testing::for_each_seed(1, 2000, [&](std::uint64_t seed) {
    Triple t = testing::random_triple(seed);
    exact += check_timing(t) == Class::kUndisturbed ? 1 : 0;
    t.accelerator = eased(t.accelerator, seed);
    exact += check_timing(t) == Class::kUndisturbed ? 1 : 0;
    runs += 2;
  });
  RecordProperty("exact", exact);
  RecordProperty("runs", runs);
  if (runs > 2) {
    EXPECT_GT(4 * exact, runs) << "too few runs on which model and simulator must agree to the cycle";
  }
}

TEST(Simulator, DelaysChangeCyclesButNeitherCountsNorValues) {
  int slower = 0;
  testing::for_each_seed(1, 300, [&](std::uint64_t seed) {
    const Triple t = testing::random_triple(seed);
    const Program program = lower(t.mapping, t.problem, t.accelerator);
    const sim::Operands operands = testing::operands_of(t.problem, seed);
    const sim::Result calm = simulate(t.accelerator, program);
    const sim::Result delayed =
        simulate(t.accelerator, program, {.max_jitter_cycles = 30, .seed = seed}, &operands);
    ASSERT_EQ(measured(delayed, program), measured(calm, program)) << testing::describe(t);
    ASSERT_EQ(delayed.outputs->values, reference(t.problem, operands.weights, operands.inputs).values)
        << testing::describe(t);
    slower += delayed.cycles > calm.cycles ? 1 : 0;
  });
  EXPECT_GT(slower, 0);
}

// Merging steps keeps counts and values, and the array's own cycles.
TEST(Simulator, CoarseProgramsCountAndComputeTheSame) {
  testing::for_each_seed(1, 300, [](std::uint64_t seed) {
    const Triple t = testing::random_triple(seed);
    const Program program = lower(t.mapping, t.problem, t.accelerator, {.max_steps = 7});
    const sim::Operands operands = testing::operands_of(t.problem, seed);
    const sim::Result result = simulate(t.accelerator, program, {}, &operands);
    ASSERT_EQ(measured(result, program), count_actions(t.mapping, t.problem, t.accelerator))
        << testing::describe(t);
    ASSERT_EQ(result.outputs->values, reference(t.problem, operands.weights, operands.inputs).values)
        << testing::describe(t);
  });
}

}  // namespace
}  // namespace weft
