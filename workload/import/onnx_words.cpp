// See onnx_words.hpp.
// SPDX-License-Identifier: Apache-2.0
#include "workload/import/onnx_words.hpp"

#include <utility>

#include "workload/trained.hpp"

namespace weft::onnx_import {

std::vector<float> LayerWords::take(const Node& node, Problem& problem) const {
  const ProblemOperands operands = problem_operands(graph_, node);
  const PerRole<int> bits = {bits_.read_as(operands.weights), bits_.read_as(operands.inputs),
                             bits_.written_as(node.outputs.front())};
  for (const Role role : kAllRoles) {
    problem.tensor(role).bits = bits[at(role)] == 0 ? problem.tensor(role).bits : bits[at(role)];
  }
  std::optional<std::vector<float>> words = trained_.of(node, problem);
  if (!words) {
    return {};
  }
  set_measured(problem, *words);
  return std::move(*words);
}

int LayerWords::vector_bits(const Node& node) const {
  const int written = bits_.written_as(node.outputs.front());
  const int read = bits_.read_as(node.input(0));
  return written != 0 ? written : read != 0 ? read : VectorOp{}.bits;
}

}  // namespace weft::onnx_import
