// Is the slowest unit as slow as the model expects, when the simulator finds it from real positions?
// SPDX-License-Identifier: Apache-2.0
#include "dataflow/imbalance.hpp"

#include <numeric>

#include <gtest/gtest.h>

#include "arch/sim/core/zero_work.hpp"
#include "arch/spec/sparse_effect.hpp"
#include "dataflow/lower.hpp"
#include "workload/positions.hpp"

namespace weft {
namespace {

// 8 x 4 units over one buffer; an array for matrices of 64 outputs, 96 products each.
constexpr const char* kMachine = R"(accelerator: array
clock: 1 GHz
levels:
  - name: DRAM
    memory: {kind: dram, width: 64 b}
  - name: buffer
    memory: {capacity: 1 MiB, width: 64 b}
    fanout: {x: 8, y: 4}
  - name: pads
    memory:
      kind: regfile
      capacity: 64 KiB
      width: 8 b
      formats: {weights: {kind: relative, run: 2 b, fiber: filters, interleaved: true}}
compute: {name: mac, skip: [weights, inputs]}
)";

struct Case {
  const char* name;
  PerRole<bool> by;
  std::vector<std::string> barrier;
  std::int64_t window;
  double weights, inputs;
  const char* x;
  const char* y;
  bool inner;    // loops inside the units; else every iteration is a step
  bool padding;  // tokens and look-ups cost cycles
};

Problem problem_of(const Case& one) {
  Problem problem = make_gemm({.name = "gemm", .m = 64, .n = 64, .k = 96});
  set_sparsity(problem, Role::kWeights, {one.weights});
  set_sparsity(problem, Role::kInputs, {one.inputs});
  return problem;
}

Mapping mapping_of(const Case& one, const Problem& problem, const Accelerator& machine) {
  Mapping mapping = empty_mapping(machine);
  std::vector<std::int64_t> left;
  for (int d = 0; d < problem.rank(); ++d) {
    left.push_back(problem.size(d));
  }
  const auto spread = [&](const char* name, std::int64_t bound, Axis axis) {
    const int dim = problem.dim(name);
    mapping.levels[1].spatial.push_back({dim, bound, axis});
    left[static_cast<std::size_t>(dim)] /= bound;
  };
  spread(one.x, 8, Axis::kX);
  spread(one.y, 4, Axis::kY);
  for (const char* name : {"K", "M", "N"}) {
    const int dim = problem.dim(name);
    mapping.levels[one.inner ? 2 : 1].temporal.push_back({dim, left[static_cast<std::size_t>(dim)]});
  }
  return mapping;
}

double measured(const Problem& problem, const Mapping& mapping, const Accelerator& machine) {
  constexpr int kSeeds = 6;
  const Program program = lower(mapping, problem, for_layer(machine, problem));
  double sum = 0;
  for (std::uint64_t seed = 1; seed <= kSeeds; ++seed) {
    Rng weights = Rng(seed).fork(0);
    Rng inputs = Rng(seed).fork(1);
    const sim::Positions positions{random_positions(problem.tensor(Role::kWeights), weights),
                                   random_positions(problem.tensor(Role::kInputs), inputs)};
    const std::vector<std::int64_t> cycles = sim::zero_work(program, machine, positions).cycles;
    sum += static_cast<double>(std::accumulate(cycles.begin(), cycles.end(), std::int64_t{0}));
  }
  const double share = for_layer(machine, problem).effect->cycles;  // of the model, with padding tokens
  return sum / kSeeds / (static_cast<double>(macs(problem)) / 32 * share);
}

class Imbalance : public testing::TestWithParam<Case> {};

TEST_P(Imbalance, IsWhatTheSimulatorFinds) {
  const Case& one = GetParam();
  Accelerator machine = parse_accelerator(kMachine, "array.yaml");
  machine.compute.zeros.skip =
      Skip{.by = one.by, .barrier = one.barrier, .window = one.window, .padding = one.padding};
  const Problem problem = problem_of(one);
  const Mapping mapping = mapping_of(one, problem, machine);
  const auto expected = expected_imbalance(mapping, problem, for_layer(machine, problem));
  ASSERT_TRUE(expected);
  const double found = measured(problem, mapping, machine);
  EXPECT_NEAR(*expected, found, 0.04 * found);
  std::printf("%s: expected %.3f, found %.3f\n", one.name, *expected, found);
}

INSTANTIATE_TEST_SUITE_P(
    Machines, Imbalance,
    testing::Values(
        Case{"own_pace", {true, true, false}, {}, 1, 0.2, 0.3, "N", "M", true, false},
        Case{"own_pace_over_reduction", {true, true, false}, {}, 1, 0.2, 0.3, "K", "M", true, false},
        Case{"weights_only", {true, false, false}, {}, 1, 0.1, 0.3, "N", "M", true, false},
        Case{"barrier_per_input", {true, true, false}, {"reduction"}, 1, 0.2, 0.3, "N", "M", true, false},
        Case{"queues_of_four", {true, true, false}, {"reduction"}, 4, 0.2, 0.3, "N", "M", true, false},
        Case{"queues_of_sixteen", {true, true, false}, {"reduction"}, 16, 0.2, 0.3, "N", "M", true, false},
        Case{"barrier_per_position", {true, true, false}, {"positions"}, 1, 0.2, 0.3, "N", "M", true, false},
        Case{"tokens", {true, true, false}, {"reduction"}, 4, 0.1, 0.3, "N", "M", true, true},
        Case{"lock_step", {true, true, false}, {"all"}, 1, 0.2, 0.3, "N", "M", true, false},
        Case{"look_ahead_of_eight", {false, true, false}, {"all"}, 8, 0.2, 0.3, "K", "N", true, false},
        Case{"steps_of_an_iteration", {true, true, false}, {}, 1, 0.5, 0.6, "N", "M", false, false}),
    [](const auto& one) { return std::string(one.param.name); });

// As many as its zeros allow, and none where nothing is skipped or positions are arranged in another way.
TEST(ImbalanceOf, SomeMachinesIsNotAQuestion) {
  const Case one{"", {true, true, false}, {}, 1, 0.2, 0.3, "N", "M", true, false};
  Accelerator machine = parse_accelerator(kMachine, "array.yaml");
  Problem problem = problem_of(one);
  const Mapping mapping = mapping_of(one, problem, machine);
  EXPECT_TRUE(expected_imbalance(mapping, problem, for_layer(machine, problem)));
  set_sparsity(problem, Role::kWeights, parse_sparsity("block:0.2:8"));
  EXPECT_FALSE(expected_imbalance(mapping, problem, for_layer(machine, problem)));
  machine.compute.zeros = {};
  EXPECT_FALSE(expected_imbalance(mapping, problem, for_layer(machine, problem)));
}

}  // namespace
}  // namespace weft
