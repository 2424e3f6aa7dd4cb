// Lowering, running and checking one layer.
// SPDX-License-Identifier: Apache-2.0
#include "dse/simulate_layer.hpp"

#include <algorithm>
#include <cstdlib>
#include <utility>

#include "arch/spec/layer_machine.hpp"
#include "arch/spec/sparse_effect.hpp"
#include "base/error.hpp"
#include "base/rng.hpp"
#include "workload/positions.hpp"
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
      to.shares[role] = {.stored = result.levels[level].tensors[role].stored,
                         .accesses = result.levels[level].tensors[role].accesses,
                         .sent = result.levels[level].tensors[role].sent_share,
                         .arriving = result.levels[level].tensors[role].arriving_share};
    }
    to.instances_used = program.instances_used[level];
  }
  counts.macs = result.macs;
  counts.gated = result.gated;
  counts.skipped = result.skipped;
  counts.compute_units_used = program.instances_used.back();
  return counts;
}

// What `draw` makes of both operands, each with a stream of its own.
template <typename Both, typename Draw>
Both drawn(const Problem& problem, std::uint64_t seed, const Draw& draw) {
  const Rng rng(seed);
  Rng weights = rng.fork(static_cast<std::uint64_t>(index_of(Role::kWeights)));
  Rng inputs = rng.fork(static_cast<std::uint64_t>(index_of(Role::kInputs)));
  return {.weights = draw(problem.tensor(Role::kWeights), weights),
          .inputs = draw(problem.tensor(Role::kInputs), inputs)};
}

Tensor magnitudes(Tensor tensor) {
  for (std::int32_t& value : tensor.values) {
    value = std::abs(value);
  }
  return tensor;
}

// Are the outputs what the accumulators make of the reference? Wrapping sums are equal in any order. Where
// saturating ones could exceed the accumulator on the way, the order decides, and the naive reference has
// another: no answer then.
std::optional<bool> compare(const Accumulators& outputs, const Program& program,
                            const sim::Operands& operands) {
  Accumulators expected = reference(program.problem, operands.weights, operands.inputs);
  const auto held = [&](std::int64_t sum) {
    return accumulated(sum, program.accumulator_bits, program.overflow);
  };
  if (program.overflow == Overflow::kSaturate) {
    const Accumulators most =
        reference(program.problem, magnitudes(operands.weights), magnitudes(operands.inputs));
    if (std::any_of(most.values.begin(), most.values.end(),
                    [&](std::int64_t sum) { return held(sum) != sum; })) {
      return std::nullopt;
    }
  }
  std::transform(expected.values.begin(), expected.values.end(), expected.values.begin(), held);
  return outputs.extents == expected.extents && outputs.values == expected.values;
}

}  // namespace

bool same_words(ActionCounts measured, ActionCounts model) {
  for (ActionCounts* counts : {&measured, &model}) {
    counts->gated = counts->skipped = 0;
    for (LevelCounts& level : counts->levels) {
      level.shares = {};
    }
  }
  return measured == model;
}

std::shared_ptr<const sim::Positions> layer_positions(const Problem& problem, const Accelerator& accelerator,
                                                      std::uint64_t seed) {
  if (!states_sparsity(accelerator)) {
    return nullptr;
  }
  return std::make_shared<const sim::Positions>(drawn<sim::Positions>(problem, seed, random_positions));
}

LayerMeasurement simulate_layer(sim::Simulator& simulator, const Problem& problem, const Mapping& mapping,
                                const Accelerator& accelerator, const SimulateLayerOptions& options) {
  const Program program = lower(mapping, problem, *LayerMachine(accelerator, problem), options.lower);
  std::optional<sim::Operands> operands;
  if (options.values == SimulateLayerOptions::Values::kChecked) {
    operands = drawn<sim::Operands>(problem, options.seed, random_tensor);
  }
  std::shared_ptr<const sim::Positions> positions;
  if (states_sparsity(accelerator) && !options.lower.rows) {  // rows know no zeros
    positions = operands ? std::make_shared<const sim::Positions>(sim::Positions{
                               positions_of(operands->weights), positions_of(operands->inputs)})
                         : layer_positions(problem, accelerator, options.seed);
  }
  const sim::Result result = simulator.run(program, operands ? &*operands : nullptr, positions.get());

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
    layer.outputs_equal = compare(*result.outputs, program, *operands);
  }
  return layer;
}

}  // namespace weft
