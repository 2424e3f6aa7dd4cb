// What the printers of validations share. Private to the folder.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "validation/suite.hpp"

namespace weft::validation {

// "MAE 4.1 %, worst 8.0 % (CONV2), Spearman 0.990".
[[nodiscard]] std::string summary_line(const Series& series);
// "1,234", "18.45": whole numbers grouped, others to four digits.
[[nodiscard]] std::string number(double value);
// "+3.2 %"; "–" without a reference.
[[nodiscard]] std::string signed_error(const Comparison& row);
[[nodiscard]] std::string claim_line(const Claim& claim);
// Indices of the rows that a page shows: all of them, or of a long series the worst ones, worst first.
[[nodiscard]] std::vector<std::size_t> shown_rows(const Series& series);

}  // namespace weft::validation
