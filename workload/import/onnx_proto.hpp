// The two steps that see ONNX's own types.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "workload/import/onnx_graph.hpp"

namespace onnx {
class ModelProto;
}  // namespace onnx

namespace weft::onnx_import {

// Binds the batch, sorts the nodes and infers the shape of every value it can. Throws ConfigError.
[[nodiscard]] Graph infer_shapes(onnx::ModelProto& model, const std::string& file,
                                 const ImportOptions& options);

}  // namespace weft::onnx_import
