// Relative errors and their summary.
// SPDX-License-Identifier: Apache-2.0
#include "tests/validation/lib/comparison.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include <fmt/format.h>

namespace weft::validation {

double Comparison::relative_error() const {
  if (reference == 0) {
    return ours == 0 ? 0 : std::numeric_limits<double>::infinity();
  }
  return std::abs(ours / reference - 1);
}

bool Tolerance::accepts(const Comparison& comparison) const {
  return comparison.relative_error() <= relative ||
         std::abs(comparison.ours - comparison.reference) <= last_digit;
}

Agreement agreement(const std::vector<Comparison>& comparisons, double tolerance) {
  std::vector<double> errors;
  for (const Comparison& comparison : comparisons) {
    errors.push_back(comparison.relative_error());
  }
  std::sort(errors.begin(), errors.end());
  Agreement result;
  result.rows = static_cast<std::int64_t>(errors.size());
  result.within =
      std::count_if(errors.begin(), errors.end(), [&](double error) { return error <= tolerance; });
  if (!errors.empty()) {
    result.worst = errors.back();
    result.median = errors[errors.size() / 2];
  }
  return result;
}

std::string summary(const Agreement& agreement, double tolerance) {
  return fmt::format("{} rows, {} within {} % ({:.2f} %), median {:.3g} %, worst {:.3g} %", agreement.rows,
                     agreement.within, tolerance * 100, agreement.share() * 100, agreement.median * 100,
                     agreement.worst * 100);
}

std::string disagreements(const std::vector<Comparison>& comparisons, const Tolerance& tolerance) {
  std::string text;
  for (const Comparison& comparison : comparisons) {
    if (!tolerance.accepts(comparison)) {
      text += fmt::format("{}: reference {}, ours {} ({:+.4g} %)\n", comparison.what, comparison.reference,
                          comparison.ours, (comparison.ours / comparison.reference - 1) * 100);
    }
  }
  return text;
}

}  // namespace weft::validation
