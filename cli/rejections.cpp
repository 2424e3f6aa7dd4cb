// Rejections in words.
// SPDX-License-Identifier: Apache-2.0
#include "cli/rejections.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "arch/spec/layer_machine.hpp"
#include "base/table.hpp"
#include "mapper/infeasible.hpp"

namespace weft::cli {

std::vector<RejectionRow> rejections(const MapResult& map, const Problem& problem,
                                     const Accelerator& accelerator, const Constraints* constraints) {
  std::vector<RejectionRow> rows;
  for (std::size_t i = 0; i < kReasons; ++i) {
    if (map.samples[i]) {
      rows.push_back({std::string(name_of(static_cast<Reason>(i))), map.rejected[i],
                      explain(*map.samples[i], problem, accelerator)});
    }
  }
  for (std::size_t i = 0; constraints != nullptr && i < kRules; ++i) {
    if (map.violations[i]) {
      rows.push_back({std::string(name_of(static_cast<Rule>(i))), map.violated[i],
                      explain(*map.violations[i], *constraints, problem, accelerator)});
    }
  }
  std::stable_sort(rows.begin(), rows.end(),
                   [](const RejectionRow& a, const RejectionRow& b) { return a.count > b.count; });
  return rows;
}

std::string why_none(const MapResult& map, const Problem& problem, const Accelerator& accelerator,
                     const Constraints* constraints) {
  const std::vector<RejectionRow> rows = rejections(map, problem, accelerator, constraints);
  std::int64_t tried = 0;
  for (const RejectionRow& row : rows) {
    tried += row.count;
  }
  std::string text;
  for (const Obstacle& obstacle : obstacles(problem, *LayerMachine(accelerator, problem), constraints)) {
    text += "  impossible: " + explain(obstacle, accelerator) + "\n";
    text += "  to make it fit: " + remedy(obstacle, accelerator) + "\n";
  }
  if (text.empty()) {
    text += fmt::format(
        "  not proven impossible: {} candidates were rejected; loosen what was in the way, or "
        "raise --budget\n",
        grouped(tried));
  }
  for (const RejectionRow& row : rows) {
    text += fmt::format("  in the way of {} of {}: {}\n", grouped(row.count), grouped(tried), row.example);
  }
  return text;
}

}  // namespace weft::cli
