// Reading the mechanisms of timing.hpp from an accelerator file. Ranges are checked later, with the rest of
// the accelerator (timing_check.hpp). SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "arch/spec/accelerator.hpp"
#include "base/yaml.hpp"

namespace weft {

// Tells the loader where a key stands, for what the check may find there: path below the section, value.
using NotePlace = std::function<void(const std::string& key, const yaml::Value& value)>;

// A list of words; none: empty.
[[nodiscard]] std::vector<std::string> read_words(const std::optional<yaml::Value>& value);
// The section `controller`.
[[nodiscard]] Controller read_controller(yaml::Section section, const NotePlace& note);
// The keys `fetch`, `requests`, `cache` and `banking` of a memory.
void read_memory_timing(yaml::Section& section, const NotePlace& note, Memory& memory);
// The section `links` of a fan-out.
[[nodiscard]] Links read_links(yaml::Section section, const NotePlace& note);

}  // namespace weft
