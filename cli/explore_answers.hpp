// The answers of a study for people and programs: importance, baseline, target, simulated designs, energy.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include <nlohmann/json.hpp>

#include "cli/arguments.hpp"
#include "dse/study.hpp"

namespace weft::cli {

// An objective as people read it, of its minimised value (accuracy negated): "latency 1.2 ms".
[[nodiscard]] std::string shown(Metric metric, double value);

[[nodiscard]] std::string answers_text(const StudyResult& result, const ExploreArguments& arguments);
// Adds the keys importance, baseline, target, resimulated and deployment to a study's JSON.
void add_answers(nlohmann::ordered_json& json, const StudyResult& result, const ExploreArguments& arguments);

// CPU time of this process and its children, as energy where --watts is given; never the same twice, so it is
// a note. Empty without --watts.
[[nodiscard]] std::string search_energy(const ExploreArguments& arguments);

}  // namespace weft::cli
