// The parts of a page, as HTML that needs no script.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include <nlohmann/json_fwd.hpp>

namespace weft::report {

// `study` as study_json() makes it: cards, front, progress, importance, model against simulator.
[[nodiscard]] std::string study_sections(const nlohmann::ordered_json& study);
[[nodiscard]] std::string study_recipe(const nlohmann::ordered_json& study);
// `run` is a JSON report of estimate, map or simulate: cards, accelerator, layers, roofline, loop nests.
[[nodiscard]] std::string run_sections(const nlohmann::ordered_json& run);
[[nodiscard]] std::string run_recipe(const nlohmann::ordered_json& run);

// The least traffic by buffer size, and where the accelerator's levels stand; `slope` as slope_svg() takes
// it.
[[nodiscard]] std::string slope_section(const nlohmann::ordered_json& slope);

// How far the models are from published numbers: a bar for the mean and one for the worst error of each
// series.
[[nodiscard]] std::string validation_section(const nlohmann::ordered_json& validation);

}  // namespace weft::report
