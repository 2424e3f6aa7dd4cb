// Designs as objectives, and the front among them.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "dse/pareto.hpp"
#include "dse/study.hpp"

namespace weft {

// Negated accuracy, s, pJ, um2, pJ s: all minimised, in the order of the space's objectives.
[[nodiscard]] Objectives objectives_of(const DesignSpace& space, const StudyPoint& point);

// Indices of the feasible points that no other feasible one dominates: accuracy descending, then latency,
// energy, id.
[[nodiscard]] std::vector<std::size_t> feasible_front(const DesignSpace& space,
                                                      const std::vector<StudyPoint>& points);
// The knee of a front of these points (pareto.hpp); none: the front is empty.
[[nodiscard]] std::optional<std::size_t> knee_of_front(const DesignSpace& space,
                                                       const std::vector<StudyPoint>& points,
                                                       const std::vector<std::size_t>& front);

// How results name a metric: "accuracy_percent", "latency_s", "energy_pj", "area_um2", "edp_js"; and its
// value in that unit, accuracy not negated.
[[nodiscard]] const std::string& figure_name(Metric metric);
[[nodiscard]] double figure_value(Metric metric, const StudyPoint& point);

}  // namespace weft
