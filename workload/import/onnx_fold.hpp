// Evaluates the integer arithmetic with which exporters compute shapes: scalars and vectors only.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "workload/import/onnx_graph.hpp"

namespace weft::onnx_import {

struct Constant {
  std::vector<std::int64_t> dims{};  // empty: a scalar
  std::vector<std::int64_t> values{};
};

// The result of the node, if its inputs are known and small. Throws OverflowError.
[[nodiscard]] std::optional<Constant> fold(const Graph& graph, const Node& node);

}  // namespace weft::onnx_import
