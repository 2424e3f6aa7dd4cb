// Which stored tensors a value is made from, so that every parameter is counted once.
// SPDX-License-Identifier: Apache-2.0
#include "base/checked.hpp"
#include "workload/import/onnx_graph.hpp"

namespace weft::onnx_import {

StoredTensors::StoredTensors(const Graph& graph) : graph_(graph) {
  for (const Node& node : graph.nodes) {
    // Beyond the first operand there are only shapes, scales and zero points.
    const bool carries = operator_info(node.op).handling == Handling::kFree;
    if (!carries || node.inputs.empty() || !graph.value(node.inputs.front()).fixed) {
      continue;
    }
    const std::string& from = node.inputs.front();
    const auto found = roots_.find(from);
    const std::vector<std::string> roots = found != roots_.end()      ? found->second
                                           : graph.value(from).stored ? std::vector<std::string>{from}
                                                                      : std::vector<std::string>{};
    for (const std::string& output : node.outputs) {
      if (!graph.value(output).stored) {
        roots_[output] = roots;
      }
    }
  }
}

std::int64_t StoredTensors::count_new(const std::string& value) {
  if (!graph_.value(value).fixed) {
    return 0;
  }
  const auto found = roots_.find(value);
  const std::vector<std::string> roots =
      found != roots_.end() ? found->second : std::vector<std::string>{value};
  std::int64_t total = 0;
  for (const std::string& root : roots) {
    const Value& stored = graph_.value(root);
    if (stored.stored && stored.dims && counted_.insert(root).second) {
      total = checked_add(total, element_count(*stored.dims));
    }
  }
  return total;
}

}  // namespace weft::onnx_import
