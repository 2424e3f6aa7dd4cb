// Speed of the simulated machine. A process can elaborate one machine only, so all programs run on the same
// Gemmini; its elaboration is not measured.
// SPDX-License-Identifier: Apache-2.0
#include <benchmark/benchmark.h>

#include "arch/sim/simulator.hpp"
#include "base/rng.hpp"
#include "dataflow/lower.hpp"
#include "tests/bench/cases.hpp"

namespace weft::bench {
namespace {

sim::Simulator& gemmini() {
  static sim::Simulator simulator(small_case().accelerator);
  return simulator;
}

sim::Operands random_operands(const Problem& problem) {
  Rng rng(1);
  sim::Operands operands;
  operands.weights = random_tensor(problem.tensor(Role::kWeights), rng);
  operands.inputs = random_tensor(problem.tensor(Role::kInputs), rng);
  return operands;
}

// Items: multiply-accumulates. The counter: steps of the program, what timing alone depends on.
void run(benchmark::State& state, const Case& example, const sim::Operands* operands) {
  const Program program = lower(example.mapping, example.problem, example.accelerator);
  sim::Simulator& simulator = gemmini();
  std::int64_t done = 0;
  for (auto _ : state) {
    done += simulator.run(program, operands).macs;
  }
  state.SetItemsProcessed(done);
  state.counters["steps"] = benchmark::Counter(static_cast<double>(program.steps.size()),
                                               benchmark::Counter::kIsIterationInvariantRate);
}

void simulate_values(benchmark::State& state) {
  const sim::Operands operands = random_operands(small_case().problem);
  run(state, small_case(), &operands);
}
BENCHMARK(simulate_values)->Unit(benchmark::kMillisecond);

void simulate_timing(benchmark::State& state) {
  run(state, small_case(), nullptr);
}
BENCHMARK(simulate_timing)->Unit(benchmark::kMillisecond);

void simulate_timing_resnet50(benchmark::State& state) {
  run(state, resnet50_case("gemmini", "conv3_2b"), nullptr);
}
BENCHMARK(simulate_timing_resnet50)->Unit(benchmark::kMillisecond);

// Items: multiply-accumulates of the naive reference.
void reference_values(benchmark::State& state) {
  const Problem& problem = small_case().problem;
  const sim::Operands operands = random_operands(problem);
  for (auto _ : state) {
    benchmark::DoNotOptimize(reference(problem, operands.weights, operands.inputs));
  }
  state.SetItemsProcessed(state.iterations() * macs(problem));
}
BENCHMARK(reference_values)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace weft::bench
