// Names of layers made from ONNX nodes, each once. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <set>
#include <string>

#include "workload/import/onnx_graph.hpp"

namespace weft::onnx_import {

class LayerNames {
 public:
  // "/layer1/layer1.0/conv1/Conv" is layer1/layer1.0/conv1 to people; a name that is taken gets #2, #3 ...
  [[nodiscard]] std::string take(const Node& node);

 private:
  std::set<std::string> taken_;
};

}  // namespace weft::onnx_import
