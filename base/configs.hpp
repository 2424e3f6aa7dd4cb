// Where the data that ships with Weft lies.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace weft {

// The configs folder: $WEFT_CONFIGS if set, else beside the program (../../configs of build/<preset>/weft,
// ../share/weft/configs of an installed bin/weft), else the source tree it was built from.
[[nodiscard]] std::filesystem::path configs_dir();

// A preset's name (`name` or `name.yaml` in configs_dir()/folder) or a file's path, as a path. A name wins
// when both exist. Throws ConfigError: unknown-name with the nearest preset, or missing-file when the
// text looks like a path (has a '/' or an extension).
[[nodiscard]] std::filesystem::path resolve_config(const std::string& folder, const std::string& kind,
                                                   const std::string& name_or_file);
// Names of the presets in configs_dir()/folder, sorted.
[[nodiscard]] std::vector<std::string> preset_names(const std::string& folder);

}  // namespace weft
