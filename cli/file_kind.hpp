// Which kind of configuration a file is, told by its content.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <utility>
#include <vector>

namespace weft::cli {

enum class FileKind : std::uint8_t { kAccelerator, kNetwork, kMapping, kSpace, kEnergy, kConstraints, kOnnx };
[[nodiscard]] std::string name_of(FileKind kind);

// A file ending in .onnx is a model; any other is YAML and known by its top-level keys. Throws ConfigError:
// unknown-kind, and whatever the YAML reader refuses.
[[nodiscard]] FileKind kind_of(const std::filesystem::path& file);

// The problem and accelerator a mapping file says it was made for.
struct MappingHead {
  std::string problem{};
  std::string accelerator{};  // empty: not stated
  std::vector<std::pair<std::string, std::int64_t>> dims{};
};
[[nodiscard]] MappingHead read_mapping_head(const std::filesystem::path& file);

}  // namespace weft::cli
