// The words of the tensors that an ONNX file stores, as numbers.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace onnx {
class ModelProto;
}  // namespace onnx

namespace weft::onnx_import {

// Graph::contents for a model read from `folder`. Files of external data are opened when asked for, and only
// inside the folder, symbolic links resolved.
[[nodiscard]] std::function<std::optional<std::vector<float>>(const std::string&)> stored_contents(
    std::shared_ptr<const onnx::ModelProto> model, std::filesystem::path folder);

}  // namespace weft::onnx_import
