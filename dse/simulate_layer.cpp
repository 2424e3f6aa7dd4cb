// Lowering, running and checking one layer.
// SPDX-License-Identifier: Apache-2.0
#include "dse/simulate_layer.hpp"

#include <utility>

#include "base/error.hpp"
#include "base/rng.hpp"
#include "workload/tensor.hpp"

namespace weft {
namespace {

TensorCounts tensor_counts(const sim::MeasuredTensor& measured) {
  return {.fills = measured.fills,
          .reads = measured.reads,
          .updates = measured.updates,
          .drains = measured.drains};
}

NetworkCounts network_counts(const sim::MeasuredTensor& measured) {
  return {.sent = measured.sent, .delivered = measured.delivered, .read_back = measured.read_back};
}

ActionCounts action_counts(const sim::Result& result, const Program& program) {
  WEFT_ENSURE(program.instances_used.size() == result.levels.size() + 1,
              "the program states instances for every level and for compute");
  ActionCounts counts;
  for (std::size_t level = 0; level < result.levels.size(); ++level) {
    LevelCounts& to = counts.levels.emplace_back();
    for (std::size_t role = 0; role < kRoles; ++role) {
      to.tensors[role] = tensor_counts(result.levels[level].tensors[role]);
      to.network[role] = network_counts(result.levels[level].tensors[role]);
    }
    to.instances_used = program.instances_used[level];
  }
  counts.macs = result.macs;
  counts.compute_units_used = program.instances_used.back();
  return counts;
}

sim::Operands random_operands(const Problem& problem, std::uint64_t seed) {
  const Rng rng(seed);
  Rng weights = rng.fork(static_cast<std::uint64_t>(index_of(Role::kWeights)));
  Rng inputs = rng.fork(static_cast<std::uint64_t>(index_of(Role::kInputs)));
  return {.weights = random_tensor(problem.tensor(Role::kWeights), weights),
          .inputs = random_tensor(problem.tensor(Role::kInputs), inputs)};
}

}  // namespace

LayerMeasurement simulate_layer(sim::Simulator& simulator, const Problem& problem, const Mapping& mapping,
                                const Accelerator& accelerator, const SimulateLayerOptions& options) {
  const Program program = lower(mapping, problem, accelerator, options.lower);
  std::optional<sim::Operands> operands;
  if (options.values == SimulateLayerOptions::Values::kChecked) {
    operands = random_operands(problem, options.seed);
  }
  const sim::Result result = simulator.run(program, operands ? &*operands : nullptr);

  LayerMeasurement layer;
  layer.cycles = result.cycles;
  layer.counts = action_counts(result, program);
  for (const sim::MeasuredLevel& level : result.levels) {
    layer.busy_cycles.push_back(level.busy_cycles);
  }
  layer.stalls = result.stalls;
  layer.components = result.components;
  layer.exact_cycles = result.exact_cycles;
  layer.steps = static_cast<std::int64_t>(program.steps.size());
  layer.coarsened = program.coarsened;
  layer.ramp_interference = result.ramp_interference;
  if (operands) {
    WEFT_ENSURE(result.outputs.has_value(), "operands went in, so outputs come out");
    const Accumulators expected = reference(problem, operands->weights, operands->inputs);
    layer.outputs_equal =
        result.outputs->extents == expected.extents && result.outputs->values == expected.values;
  }
  return layer;
}

}  // namespace weft
