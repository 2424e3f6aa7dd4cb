// Names without the words that exporters put around them.
// SPDX-License-Identifier: Apache-2.0
#include "workload/import/onnx_layer_names.hpp"

namespace weft::onnx_import {

std::string LayerNames::take(const Node& node) {
  std::string name = node.name;
  const std::string tail = "/" + node.op;
  if (name.size() > tail.size() && name.compare(name.size() - tail.size(), tail.size(), tail) == 0) {
    name.erase(name.size() - tail.size());
  }
  name.erase(0, !name.empty() && name.front() == '/' && name.size() > 1 ? 1 : 0);
  name = taken_.count(name) == 0 ? name : node.name;
  std::string result = name;
  for (int copy = 2; !taken_.insert(result).second; ++copy) {
    result = name + "#" + std::to_string(copy);
  }
  return result;
}

}  // namespace weft::onnx_import
