// What is fed with broken files: each reader with a corpus of good ones.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <functional>
#include <string>
#include <vector>

namespace weft::fuzz {

struct Target {
  std::string name{};
  std::string file{};                 // name that the reader is given
  std::vector<std::string> corpus{};  // files and folders of the tree
  // Reads the file and uses what it read. ConfigError and OverflowError are good answers; anything else is
  // not.
  std::function<void(const std::filesystem::path&)> feed{};
};

[[nodiscard]] std::vector<Target> targets();

}  // namespace weft::fuzz
