// Files of other tools on the command line: "timeloop:arch.yaml".
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "arch/spec/accelerator.hpp"
#include "dataflow/mapping.hpp"
#include "mapper/constraints.hpp"
#include "workload/import.hpp"

namespace weft::cli {

enum class FileFormat : std::uint8_t { kWeft, kTimeloop, kScalesim, kMaestro, kOnnx };
// "weft", "timeloop", "scalesim", "maestro", "onnx"
[[nodiscard]] const std::vector<std::string>& format_names();

// "timeloop:x.yaml" is x.yaml of Timeloop; a text without one of the names and a colon is of Weft, whole.
struct FormattedFile {
  FileFormat format = FileFormat::kWeft;
  std::string path{};
};
[[nodiscard]] FormattedFile formatted(const std::string& text);

// The files of other tools; `file` is not of Weft. Throw ConfigError, also bad-usage where a format has no
// such thing.
[[nodiscard]] Accelerator import_accelerator(const FormattedFile& file, ImportNotes& notes);
[[nodiscard]] Network import_network(const FormattedFile& file, ImportNotes& notes);
[[nodiscard]] Mapping import_mapping(const FormattedFile& file, const Problem& problem,
                                     const Accelerator& accelerator, ImportNotes& notes);
[[nodiscard]] Constraints import_constraints(const FormattedFile& file, const Problem& problem,
                                             const Accelerator& accelerator, ImportNotes& notes);

}  // namespace weft::cli
