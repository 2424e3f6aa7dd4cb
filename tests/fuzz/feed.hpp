// What both drivers do with a file: hand it to a reader and judge the answer.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "tests/fuzz/targets.hpp"

namespace weft::fuzz {

struct Fed {
  bool refused = false;   // with a diagnosis
  std::string problem{};  // of an answer that is none; empty: none
};
[[nodiscard]] Fed feed(const Target& target, const std::filesystem::path& file);

// The target's good files below the tree's root, in a fixed order; those of 64 KiB and more are left out.
[[nodiscard]] std::vector<std::string> corpus_of(const Target& target, const std::filesystem::path& root);

}  // namespace weft::fuzz
