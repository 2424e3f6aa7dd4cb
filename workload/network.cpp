// Totals, widths and invariants of a network.
// SPDX-License-Identifier: Apache-2.0
#include "workload/network.hpp"

#include <set>

#include "base/checked.hpp"

namespace weft {

std::string_view name_of(VectorKind kind) {
  switch (kind) {
    case VectorKind::kBias:
      return "bias";
    case VectorKind::kActivation:
      return "activation";
    case VectorKind::kPool:
      return "pool";
    case VectorKind::kGlobalPool:
      return "global-pool";
    case VectorKind::kResidualAdd:
      return "residual-add";
    case VectorKind::kMultiply:
      return "multiply";
    case VectorKind::kSoftmax:
      return "softmax";
    case VectorKind::kNormalisation:
      return "normalisation";
    case VectorKind::kConcat:
      return "concat";
    case VectorKind::kResize:
      return "resize";
    case VectorKind::kTopK:
      return "top-k";
    case VectorKind::kOther:
      return "other";
  }
  return "?";
}

std::int64_t macs(const Network& network) {
  std::int64_t total = 0;
  for (const Layer& layer : network.layers) {
    if (layer.problem) {
      total = checked_add(total, checked_mul(layer.repeat, macs(*layer.problem)));
    }
  }
  return total;
}

std::int64_t parameters(const Network& network) {
  std::int64_t total = 0;
  for (const Layer& layer : network.layers) {
    total = checked_add(total, checked_mul(layer.repeat, layer.parameters));
  }
  return total;
}

namespace {

std::string check_op(const VectorOp& op) {
  if (op.elements < 0 || op.extra_input_words < 0 || op.output_words < 0) {
    return "operation '" + op.name + "' has a negative count";
  }
  if (!(op.ops_per_element >= 0.0 && op.ops_per_element < 1e18)) {
    return "operation '" + op.name + "' has no sensible operations per element";
  }
  if (op.kind == VectorKind::kTopK &&
      (op.rows < 1 || op.elements % op.rows != 0 || op.keep < 1 || op.keep > op.elements / op.rows)) {
    return "operation '" + op.name + "' does not keep 1 to all of the scores in rows of equal length";
  }
  return op.bits < 1 || op.bits > 64 ? "operation '" + op.name + "' is not 1 to 64 bits wide" : "";
}

std::string check_content(const Layer& layer) {
  if (!layer.problem && layer.post_ops.empty()) {
    return "it has neither a problem nor an operation";
  }
  if (layer.repeat < 1) {
    return "its repeat count is below 1";
  }
  if (layer.parameters < 0) {
    return "its number of parameters is negative";
  }
  std::string broken = layer.problem ? validate(*layer.problem) : "";
  for (const VectorOp& op : layer.post_ops) {
    if (broken.empty()) {
      broken = check_op(op);
    }
  }
  return broken;
}

std::string check_inputs(const Layer& layer, int index) {
  std::set<int> seen;
  for (const int input : layer.inputs) {
    if (input < 0 || input >= index) {
      return "its input " + std::to_string(input) + " is not an earlier layer";
    }
    if (!seen.insert(input).second) {
      return "it names the input " + std::to_string(input) + " twice";
    }
  }
  return "";
}

}  // namespace

std::string validate(const Network& network) {
  if (network.layers.empty()) {
    return "a network needs at least one layer";
  }
  std::set<std::string> names;
  for (std::size_t i = 0; i < network.layers.size(); ++i) {
    const Layer& layer = network.layers[i];
    if (layer.name.empty()) {
      return "layer " + std::to_string(i) + " has no name";
    }
    if (!names.insert(layer.name).second) {
      return "two layers are named '" + layer.name + "'";
    }
    std::string broken = check_content(layer);
    if (broken.empty()) {
      broken = check_inputs(layer, static_cast<int>(i));
    }
    if (!broken.empty()) {
      return "layer '" + layer.name + "': " + broken;
    }
  }
  try {
    return macs(network) < 0 || parameters(network) < 0 ? "negative totals" : "";
  } catch (const OverflowError&) {
    return "the network's total of multiply-accumulates or parameters exceeds 2^63-1";
  }
}

void set_bits(Network& network, int weight_bits, int activation_bits) {
  for (Layer& layer : network.layers) {
    if (layer.problem) {
      Problem& problem = *layer.problem;
      // The second operand of a matmul is an activation too.
      problem.tensor(Role::kWeights).bits = problem.kind == "matmul" ? activation_bits : weight_bits;
      problem.tensor(Role::kInputs).bits = activation_bits;
      problem.tensor(Role::kOutputs).bits = activation_bits;
    }
    for (VectorOp& op : layer.post_ops) {
      op.bits = activation_bits;
    }
  }
}

}  // namespace weft
