// Evaluated designs as JSON: in journals and between processes. Numbers survive unchanged.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "dse/study.hpp"

namespace weft {

[[nodiscard]] nlohmann::json points_json(const std::vector<StudyPoint>& points);
// Both throw nlohmann::json::exception.
[[nodiscard]] Genome genome_of(const nlohmann::json& json);
[[nodiscard]] std::vector<StudyPoint> points_of(const nlohmann::json& json);

}  // namespace weft
