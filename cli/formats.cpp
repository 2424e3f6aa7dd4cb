// Which reader a file of another tool needs.
// SPDX-License-Identifier: Apache-2.0
#include "cli/formats.hpp"

#include "arch/spec/import.hpp"
#include "base/error.hpp"
#include "dataflow/timeloop_mapping.hpp"
#include "mapper/timeloop_constraints.hpp"

namespace weft::cli {
namespace {

[[noreturn]] void refuse(const FormattedFile& file, const char* what, const char* known) {
  throw ConfigError({file.path}, "bad-usage",
                    std::string("no ") + what + " is read from files of " +
                        format_names()[static_cast<std::size_t>(file.format)],
                    std::string("known: ") + known);
}

}  // namespace

const std::vector<std::string>& format_names() {
  static const std::vector<std::string> names = {"weft", "timeloop", "scalesim", "maestro", "onnx"};
  return names;
}

FormattedFile formatted(const std::string& text) {
  const std::size_t colon = text.find(':');
  for (std::size_t i = 1; i < format_names().size() && colon != std::string::npos; ++i) {
    if (text.compare(0, colon, format_names()[i]) == 0) {
      return {static_cast<FileFormat>(i), text.substr(colon + 1)};
    }
  }
  return {FileFormat::kWeft, text};
}

Accelerator import_accelerator(const FormattedFile& file, ImportNotes& notes) {
  if (file.format == FileFormat::kTimeloop) {
    return load_accelerator_timeloop(file.path, notes);
  }
  if (file.format == FileFormat::kScalesim) {
    return load_accelerator_scalesim(file.path, notes);
  }
  refuse(file, "accelerator", "timeloop:FILE, scalesim:FILE");
}

Network import_network(const FormattedFile& file, ImportNotes& notes) {
  switch (file.format) {
    case FileFormat::kTimeloop:
      return load_network_timeloop(file.path, notes);
    case FileFormat::kScalesim:
      return load_network_scalesim(file.path, notes);
    case FileFormat::kMaestro:
      return load_network_maestro(file.path, notes);
    case FileFormat::kOnnx:
      return load_network_onnx(file.path);
    case FileFormat::kWeft:
      break;
  }
  refuse(file, "network", "timeloop:FILE, scalesim:FILE, maestro:FILE, onnx:FILE");
}

Mapping import_mapping(const FormattedFile& file, const Problem& problem, const Accelerator& accelerator,
                       ImportNotes& notes) {
  if (file.format == FileFormat::kTimeloop) {
    return load_mapping_timeloop(file.path, problem, accelerator, notes);
  }
  refuse(file, "mapping", "timeloop:FILE");
}

Constraints import_constraints(const FormattedFile& file, const Problem& problem,
                               const Accelerator& accelerator, ImportNotes& notes) {
  if (file.format == FileFormat::kTimeloop) {
    return load_constraints_timeloop(file.path, problem, accelerator, notes);
  }
  refuse(file, "constraints", "timeloop:FILE");
}

}  // namespace weft::cli
