// The stalls of a simulation for programs. JSON stays inside *_json.cpp.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <nlohmann/json.hpp>

#include "cli/report.hpp"

namespace weft::cli {

// Cycles by part, which add up to the layer's, and `reasons`: the parts again, by what was in the way.
[[nodiscard]] nlohmann::ordered_json stalls_json(const LayerReport& layer, const Accelerator& accelerator);
[[nodiscard]] nlohmann::ordered_json components_json(const std::vector<sim::Component>& components);
[[nodiscard]] nlohmann::ordered_json back_to_back_json(const BackToBack& run, const Setup& setup);

}  // namespace weft::cli
