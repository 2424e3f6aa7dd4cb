// Helpers of the shape inference: protobuf to plain types, topological order, and the check that keeps
// hostile attributes away from the library's arithmetic.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <onnx/onnx_pb.h>

#include "workload/import/onnx_graph.hpp"

namespace weft::onnx_import {

[[nodiscard]] Node convert_node(const onnx::NodeProto& proto);
// Contents of an integer or boolean tensor of at most kMaxConstant words that is stored in the file.
[[nodiscard]] std::optional<std::vector<std::int64_t>> small_integers(const onnx::TensorProto& tensor);
// Is the data inside the file, and as long as the dims say?
[[nodiscard]] bool holds_its_data(const onnx::TensorProto& tensor);
// Indices of the nodes, producers first. Throws ConfigError: onnx-cycle, onnx-parse (a value made twice).
[[nodiscard]] std::vector<int> sorted_nodes(const onnx::GraphProto& graph, const std::string& file);
// Are the attributes within ranges for which the library's rules are defined?
[[nodiscard]] bool safe_to_infer(const Graph& graph, const Node& node);

}  // namespace weft::onnx_import
