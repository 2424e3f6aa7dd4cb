// Who reads which value of the reduced graph.
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "workload/import/onnx_graph.hpp"

namespace weft::onnx_import {

Uses::Uses(const Graph& graph) : graph_(graph) {
  for (const Node& node : graph.nodes) {
    const std::vector<std::string> moving = moving_inputs(node);
    if (handling(node) == Handling::kFree && !moving.empty()) {
      for (const std::string& output : node.outputs) {
        origin_[output] = origin(moving.front());
      }
      continue;
    }
    for (const std::string& input : moving) {
      consumers_[origin(input)].push_back(&node);
    }
  }
}

std::string Uses::origin(const std::string& value) const {
  const auto found = origin_.find(value);
  return found == origin_.end() ? value : found->second;
}

std::vector<std::string> Uses::moving_inputs(const Node& node) const {
  std::vector<std::string> result;
  for (const std::string& input : node.inputs) {
    if (!input.empty() && !graph_.value(input).fixed) {
      result.push_back(input);
    }
  }
  return result;
}

Handling Uses::handling(const Node& node) const {
  const Handling listed = operator_info(node.op).handling;
  if (listed != Handling::kLookup) {
    return listed;
  }
  const std::vector<std::int64_t>* table = graph_.dims(node.input(0));
  return graph_.value(node.input(0)).fixed && table != nullptr && table->size() >= 2 ? Handling::kPass
                                                                                     : Handling::kFree;
}

std::size_t Uses::count(const std::string& value) const {
  const auto found = consumers_.find(origin(value));
  return found == consumers_.end() ? 0 : found->second.size();
}

bool Uses::only_elementwise(const std::string& value) const {
  const auto found = consumers_.find(origin(value));
  return found != consumers_.end() &&
         std::all_of(found->second.begin(), found->second.end(),
                     [this](const Node* n) { return handling(*n) == Handling::kElementwise; });
}

}  // namespace weft::onnx_import
