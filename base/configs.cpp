// Finds the configs folder and the presets in it.
// SPDX-License-Identifier: Apache-2.0
#include "base/configs.hpp"

#include <algorithm>
#include <cstdlib>
#include <system_error>

#include "base/error.hpp"

namespace weft {
namespace {

namespace fs = std::filesystem;

bool is_folder(const fs::path& path) {
  std::error_code ignored;
  return fs::is_directory(path, ignored);
}

bool present(const fs::path& path) {
  std::error_code ignored;
  return fs::exists(path, ignored);
}

}  // namespace

fs::path configs_dir() {
  if (const char* named = std::getenv("WEFT_CONFIGS"); named != nullptr && *named != '\0') {
    if (!is_folder(named)) {
      throw ConfigError({named}, "missing-file", "WEFT_CONFIGS names no folder");
    }
    return named;
  }
  std::error_code failed;
  const fs::path program = fs::read_symlink("/proc/self/exe", failed);
  if (!failed) {
    for (const char* place : {"../../configs", "../share/weft/configs"}) {  // of a build, of an installation
      const fs::path beside = (program.parent_path() / place).lexically_normal();
      if (is_folder(beside / "arch")) {
        return beside;
      }
    }
  }
  return fs::path(WEFT_SOURCE_DIR) / "configs";
}

fs::path resolve_config(const std::string& folder, const std::string& kind, const std::string& name_or_file) {
  const bool plain_name = !name_or_file.empty() && name_or_file.find('/') == std::string::npos;
  if (plain_name) {
    const fs::path base = configs_dir() / folder;
    for (const fs::path& preset : {base / (name_or_file + ".yaml"), base / name_or_file}) {
      if (preset.extension() == ".yaml" && present(preset)) {
        return preset;
      }
    }
  }
  if (present(name_or_file)) {
    return name_or_file;
  }
  const std::vector<std::string> known = preset_names(folder);
  const std::string close = nearest(fs::path(name_or_file).stem().string(), known);
  if (!plain_name || fs::path(name_or_file).has_extension()) {
    throw ConfigError({name_or_file}, "missing-file", "no such file",
                      close.empty() ? "" : "did you mean the preset '" + close + "'?");
  }
  std::string all;
  for (const std::string& name : known) {
    all += (all.empty() ? "" : ", ") + name;
  }
  throw ConfigError(
      {}, "unknown-name", "unknown " + kind + " '" + name_or_file + "'; known: " + all,
      close.empty() ? "give one of these names or a file's path" : "did you mean '" + close + "'?");
}

std::vector<std::string> preset_names(const std::string& folder) {
  std::vector<std::string> names;
  std::error_code failed;
  for (fs::directory_iterator entry(configs_dir() / folder, failed), end; !failed && entry != end;
       entry.increment(failed)) {
    if (entry->path().extension() == ".yaml") {
      names.push_back(entry->path().stem().string());
    }
  }
  std::sort(names.begin(), names.end());
  return names;
}

}  // namespace weft
