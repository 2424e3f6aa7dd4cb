// The network section of a design space.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <functional>
#include <vector>

#include "base/yaml.hpp"
#include "dse/space.hpp"

namespace weft {

// Where a file named by a space lies: beside it, or among the presets of a folder.
using FindFile = std::function<std::filesystem::path(const std::string& name, const std::string& folder,
                                                     const std::string& extension)>;

// Reads the section into source, network, accuracy and identity. Problems of the files it names go to
// `others`; after any problem, network may be null.
void read_network(yaml::Section section, const FindFile& find, DesignSpace& space,
                  std::vector<Diagnostic>& others);

}  // namespace weft
