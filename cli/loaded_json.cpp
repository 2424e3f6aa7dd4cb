// SPDX-License-Identifier: Apache-2.0
#include "cli/loaded_json.hpp"

#include "base/yaml_json.hpp"
#include "cli/setup.hpp"

namespace weft::cli {

std::string accelerator_json(const std::string& name_or_file) {
  ImportNotes notes;  // shown by weft convert
  return yaml::as_json(print_yaml(load_arch(name_or_file, notes)), name_or_file);
}

std::string network_json(const std::string& name_or_file, std::int64_t batch, std::int64_t resolution) {
  ImportNotes notes;
  return yaml::as_json(print_yaml(load_net(name_or_file, batch, resolution, notes)), name_or_file);
}

}  // namespace weft::cli
