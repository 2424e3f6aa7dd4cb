// Accelerators and networks as understood, for programs that want to change them and hand them back.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>

namespace weft::cli {

// The configuration file, every default written out, as a JSON object; as YAML it reads back as the same.
// Names, files and files of other tools as --arch and --network take them. Throw ConfigError.
[[nodiscard]] std::string accelerator_json(const std::string& name_or_file);
// `resolution` 0: the network's own.
[[nodiscard]] std::string network_json(const std::string& name_or_file, std::int64_t batch,
                                       std::int64_t resolution);

}  // namespace weft::cli
