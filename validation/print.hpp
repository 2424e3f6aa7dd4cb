// Validations as text for people, a page of Markdown, JSON and CSV.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "validation/suite.hpp"

namespace weft::validation {

struct NamedResult {
  std::string name{};     // of the suite
  std::string summary{};  // one line
  SuiteResult result{};
};

[[nodiscard]] std::string print_text(const std::vector<NamedResult>& results);
// The page docs/validation.md. What is said about a suite beyond its numbers stands in `data`, as <suite>.md;
// page_head.md and page_end.md are around all suites (`whole`: both are printed).
[[nodiscard]] std::string print_markdown(const std::vector<NamedResult>& results, const SuiteOptions& options,
                                         bool whole);
[[nodiscard]] std::string print_json(const std::vector<NamedResult>& results);
// One line per row of every series.
[[nodiscard]] std::string print_csv(const std::vector<NamedResult>& results);

}  // namespace weft::validation
