// What all files of Timeloop share.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "base/yaml.hpp"
#include "workload/import.hpp"

namespace weft::timeloop {

// The key that stands for a tag: "- !Component" with keys below becomes "- weft-tag: Component" with them.
inline constexpr const char* kTagKey = "weft-tag";

// A file of Timeloop for the checked reader, which takes no tags. Lines stay where they are. Throws what
// reading throws.
[[nodiscard]] yaml::Document load_document(const std::filesystem::path& file);

// "arch.yaml:12: 'n_banks' of shared_glb is not used"
void note(ImportNotes& notes, const SourceLoc& where, const std::string& text);

// The value of an attribute as a number, whatever its notation ("45nm" is 45); nothing when it is none.
[[nodiscard]] std::optional<double> number_in(const std::string& text);

}  // namespace weft::timeloop
