// A study as the page's data.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include <nlohmann/json.hpp>

#include "report/study_results.hpp"

namespace weft::report {

// What the study's own file says of it.
struct StudyFacts {
  std::string name{};
  std::uint64_t seed = 0;
  std::vector<std::string> objectives{};                      // names of figures of the results
  std::vector<std::pair<std::string, std::string>> recipe{};  // label, text
  std::string space_yaml{};
};

// Larger is better of accuracies and of what is counted per second; smaller of everything else.
[[nodiscard]] bool more_is_better(const std::string& figure);
// Figures that are above zero for all complete designs and no shares are compared by their logarithm.
[[nodiscard]] bool by_logarithm(const Figure& figure, const std::vector<bool>& complete);

// name, seed, objectives, designs, choices[], figures[], complete, front, chosen, progress, importance[],
// simulated[], resimulated[], recipe, space (docs/user_guide.md, "Reports").
[[nodiscard]] nlohmann::ordered_json study_json(const StudyResults& results, const StudyFacts& facts);

}  // namespace weft::report
