// Networks from files: our YAML and ONNX.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>

#include "workload/network.hpp"

namespace weft {

struct ImportOptions {
  std::int64_t batch = 1;  // value of a symbolic or dynamic batch dimension
};

// Our YAML (configs/README.md, "network files"). Throws ConfigError with all problems of the file.
[[nodiscard]] Network load_network_yaml(const std::filesystem::path& file);

// ONNX, with the library's shape inference. External weight files may be missing; an external path that
// leaves the model's folder is refused (external-path). Unknown operators end up in Network::unknown.
// Throws ConfigError: missing-file, not-a-file, onnx-parse (truncated or not ONNX), onnx-shape (a shape that
// cannot be inferred), onnx-cycle, external-path.
[[nodiscard]] Network load_network_onnx(const std::filesystem::path& file, const ImportOptions& options = {});

// A preset's name (presets.hpp), a name in configs/network, or a file (".onnx", ".yaml", ".yml"). The batch
// option does not touch YAML files, which say their own. Throws ConfigError: unknown-name, missing-file ...
[[nodiscard]] Network load_network(const std::string& name_or_file, const ImportOptions& options = {});

}  // namespace weft
