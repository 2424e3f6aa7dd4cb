// SPDX-License-Identifier: Apache-2.0
#include "arch/spec/layer_machine.hpp"

#include <algorithm>
#include <array>

#include "arch/spec/sparse_effect.hpp"
#include "base/checked.hpp"

namespace weft {
namespace {

struct Width {
  int own = 8;   // of the unit
  int used = 8;  // of the layer's words
};

std::array<Width, 2> widths(const Compute& compute, const Problem& problem) {
  return {{{compute.weight_bits, problem.tensor(Role::kWeights).bits},
           {compute.input_bits, problem.tensor(Role::kInputs).bits}}};
}

// Words wider than the unit are rejected elsewhere (kWidth); here they count as full width.
std::int64_t pieces(const Precision& precision, int own, int used) {
  return std::max(1, own / std::max(std::min(used, own), precision.brick_bits));
}

// Is the operand (0: weights, 1: inputs) split into bricks?
bool splits(const Precision& precision, std::size_t operand) {
  return precision.mode == PrecisionMode::kFused && !precision.serial[operand];
}

std::int64_t serial_cycles(const Precision& precision, const std::array<int, 2>& bits) {
  std::int64_t cycles = 1;
  for (std::size_t i = 0; i < bits.size(); ++i) {
    cycles *= precision.serial[i] ? ceil_div(bits[i], precision.bits_per_cycle) : 1;
  }
  return cycles;
}

}  // namespace

std::int64_t lanes_of(const Compute& compute, const Problem& problem) {
  std::int64_t lanes = 1;
  const std::array<Width, 2> operands = widths(compute, problem);
  for (std::size_t i = 0; i < operands.size(); ++i) {
    lanes *= splits(compute.precision, i) ? pieces(compute.precision, operands[i].own, operands[i].used) : 1;
  }
  return lanes;
}

std::int64_t most_lanes(const Compute& compute) {
  const Precision& precision = compute.precision;
  return (splits(precision, 0) ? pieces(precision, compute.weight_bits, 1) : 1) *
         (splits(precision, 1) ? pieces(precision, compute.input_bits, 1) : 1);
}

std::int64_t iteration_cycles_of(const Compute& compute, const Problem& problem) {
  const auto [weights, inputs] = widths(compute, problem);
  return serial_cycles(compute.precision, {weights.used, inputs.used});
}

double stated_energy_share(const Compute& compute, const Problem& problem) {
  const auto own =
      static_cast<double>(serial_cycles(compute.precision, {compute.weight_bits, compute.input_bits}));
  return static_cast<double>(iteration_cycles_of(compute, problem)) / own /
         static_cast<double>(lanes_of(compute, problem));
}

double peak_macs(const Accelerator& accelerator, const Problem& problem) {
  return static_cast<double>(accelerator.compute_units()) *
         static_cast<double>(lanes_of(accelerator.compute, problem)) /
         static_cast<double>(iteration_cycles_of(accelerator.compute, problem));
}

Accelerator at_precision(const Accelerator& accelerator, const Problem& problem) {
  Accelerator view = accelerator;
  if (accelerator.compute.precision.mode == PrecisionMode::kNative || accelerator.compute.viewed) {
    return view;
  }
  view.compute.viewed = true;
  view.compute.lanes = lanes_of(accelerator.compute, problem);
  view.compute.iteration_cycles = iteration_cycles_of(accelerator.compute, problem);
  FanOut& last = view.levels.back().fanout;
  std::int64_t& axis = accelerator.compute.precision.lanes_on_y ? last.y : last.x;
  axis = checked_mul(axis, view.compute.lanes);
  return view;
}

FanOut built_fanout(const Accelerator& accelerator, int level) {
  FanOut fanout = accelerator.levels[static_cast<std::size_t>(level)].fanout;
  if (level + 1 == accelerator.depth()) {
    (accelerator.compute.precision.lanes_on_y ? fanout.y : fanout.x) /= accelerator.compute.lanes;
  }
  return fanout;
}

LayerMachine::LayerMachine(const Accelerator& accelerator, const Problem& problem) : machine_(&accelerator) {
  if (accelerator.compute.precision.mode != PrecisionMode::kNative && !accelerator.compute.viewed) {
    own_ = at_precision(accelerator, problem);
  }
  if (states_sparsity(accelerator) && !accelerator.effect) {
    own_ = for_layer(**this, problem);
  }
}

}  // namespace weft
