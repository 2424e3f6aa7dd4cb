// A network by preset name or file.
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "base/configs.hpp"
#include "workload/import.hpp"
#include "workload/presets.hpp"

namespace weft {

namespace {

[[noreturn]] void refuse(const std::string& name, const std::vector<std::string>& known) {
  std::string all;
  for (const std::string& one : known) {
    all += (all.empty() ? "" : ", ") + one;
  }
  const std::string close = nearest(preset_name(name), known);
  throw ConfigError({}, "unknown-name", "unknown network '" + name + "'; known: " + all,
                    close.empty()
                        ? "a network is one of these names or a file that ends in .onnx, .yaml or .yml"
                        : "did you mean '" + close + "'?");
}

}  // namespace

Network load_network(const std::string& name_or_file, const ImportOptions& options) {
  const Registry<NetworkPreset>& presets = network_presets();
  if (const NetworkPreset* preset = presets.find(preset_name(name_or_file))) {
    return (*preset)({.batch = options.batch});
  }
  const std::filesystem::path file(name_or_file);
  const std::string extension = file.extension().string();
  if (extension == ".onnx") {
    return load_network_onnx(file, options);
  }
  if (extension == ".yaml" || extension == ".yml") {
    return load_network_yaml(file);
  }
  std::vector<std::string> known = presets.names();
  const std::vector<std::string> in_files = preset_names("network");
  if (std::find(in_files.begin(), in_files.end(), name_or_file) != in_files.end()) {
    return load_network_yaml(resolve_config("network", "network", name_or_file));
  }
  known.insert(known.end(), in_files.begin(), in_files.end());
  refuse(name_or_file, known);
}

}  // namespace weft
