// Does a lowered program move and compute exactly what the model counts, however coarse its steps are?
// SPDX-License-Identifier: Apache-2.0
#include <set>

#include <gtest/gtest.h>

#include "dataflow/evaluate.hpp"
#include "dataflow/lower.hpp"
#include "tests/support/generators.hpp"

namespace weft {
namespace {

using testing::Triple;

ActionCounts add_up(const Program& program, int depth) {
  ActionCounts counts;
  counts.levels.resize(static_cast<std::size_t>(depth));
  for (int level = 0; level < depth; ++level) {
    counts.levels[static_cast<std::size_t>(level)].instances_used =
        program.instances_used[static_cast<std::size_t>(level)];
  }
  counts.compute_units_used = program.instances_used.back();
  for (const Step& step : program.steps) {
    counts.macs += step.macs;
    for (const Load& load : step.loads) {
      const auto role = static_cast<std::size_t>(index_of(load.role));
      TensorCounts& child = counts.levels[static_cast<std::size_t>(load.level)].tensors[role];
      LevelCounts& parent = counts.levels[static_cast<std::size_t>(load.parent)];
      child.fills += load.fills;
      child.drains += load.drains;
      parent.tensors[role].reads += load.parent_reads;
      parent.tensors[role].updates += load.updates;
      const bool outputs = load.role == Role::kOutputs;
      parent.network[role].sent += outputs ? load.updates : load.parent_reads;
      parent.network[role].delivered += outputs ? load.drains : load.fills;
      parent.network[role].read_back += outputs ? load.fills : 0;
    }
    for (const Role r : kAllRoles) {
      const auto role = static_cast<std::size_t>(index_of(r));
      const Operand& operand = step.operands[role];
      LevelCounts& keeper = counts.levels[static_cast<std::size_t>(operand.level)];
      keeper.tensors[role].reads += operand.reads;
      keeper.tensors[role].updates += operand.updates;
      keeper.network[role].sent += r == Role::kOutputs ? operand.updates : operand.reads;
      keeper.network[role].delivered += operand.delivered;
      keeper.network[role].read_back += operand.read_back;
    }
  }
  return counts;
}

std::int64_t cycles(const Program& program) {
  std::int64_t sum = 0;
  for (const Step& step : program.steps) {
    sum += step.cycles;
  }
  return sum;
}

TEST(Programs, AddUpToTheModel) {
  int coarsened = 0;
  testing::for_each_seed(1, 2000, [&](std::uint64_t seed) {
    const Triple t = testing::random_triple(seed);
    const Evaluation model = evaluate(t.mapping, t.problem, t.accelerator);
    for (const std::int64_t max_steps : {std::int64_t{1}, std::int64_t{7}, std::int64_t{100000}}) {
      const Program program = lower(t.mapping, t.problem, t.accelerator, {.max_steps = max_steps});
      ASSERT_LE(static_cast<std::int64_t>(program.steps.size()), max_steps);
      ASSERT_EQ(add_up(program, t.accelerator.depth()), model.counts) << max_steps << "\n"
                                                                      << testing::describe(t);
      ASSERT_EQ(cycles(program), model.timing.compute_cycles) << testing::describe(t);
      coarsened += program.coarsened ? 1 : 0;
    }
  });
  EXPECT_GT(coarsened, 1000) << "most of the small budgets should have merged steps";
}

// Every MAC is computed once: the blocks of the steps tile the iteration space.
TEST(Programs, ComputeEveryMacOnce) {
  testing::for_each_seed(1, 300, [](std::uint64_t seed) {
    const Triple t = testing::random_triple(seed, {.max_macs = 3000});
    const Program program = lower(t.mapping, t.problem, t.accelerator, {});
    std::set<std::vector<std::int64_t>> seen;
    for (const Step& step : program.steps) {
      std::vector<std::vector<std::int64_t>> points = {{}};
      for (std::size_t dim = 0; dim < t.problem.dims.size(); ++dim) {
        std::vector<std::vector<std::int64_t>> next;
        for (const auto& point : points) {
          for (const std::int64_t index :
               program.dim_sets[dim][static_cast<std::size_t>(step.iteration[dim])]) {
            next.push_back(point);
            next.back().push_back(index);
          }
        }
        points = std::move(next);
      }
      for (auto& point : points) {
        ASSERT_TRUE(seen.insert(std::move(point)).second) << testing::describe(t);
      }
    }
    ASSERT_EQ(static_cast<std::int64_t>(seen.size()), macs(t.problem)) << testing::describe(t);
  });
}

}  // namespace
}  // namespace weft
