// A number of a published reference beside ours, and how many such pairs agree: what every validation
// prints and asserts.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace weft::validation {

// `reference` and `ours` in the same unit, which `what` names: "SRAM A reads (words)".
struct Comparison {
  std::string what;
  double reference = 0;
  double ours = 0;
  // |ours / reference - 1|; 0 where both are 0, infinite where only the reference is.
  [[nodiscard]] double relative_error() const;
};

// How far a set of comparisons agrees.
struct Agreement {
  std::int64_t rows = 0;
  std::int64_t within = 0;  // relative error at most the tolerance asked for
  double worst = 0;         // largest relative error
  double median = 0;
  [[nodiscard]] double share() const {
    return rows == 0 ? 0 : static_cast<double>(within) / static_cast<double>(rows);
  }
};
[[nodiscard]] Agreement agreement(const std::vector<Comparison>& comparisons, double tolerance);

// Mean of the relative errors. Precondition: not empty.
[[nodiscard]] double mean_error(const std::vector<Comparison>& comparisons);
// Spearman's rank correlation of references and ours: 1 when both order the rows the same way. Equal values
// share the mean of their ranks. Precondition: two rows, neither side all equal.
[[nodiscard]] double rank_correlation(const std::vector<Comparison>& comparisons);

// How exactly a number was printed: relatively, and the unit of its last digit (a printed 0.16 pJ may be
// 0.155 or 0.165). Within either is agreement.
struct Tolerance {
  double relative = 0;
  double last_digit = 0;
  [[nodiscard]] bool accepts(const Comparison& comparison) const;
};

// "2000 rows, 1994 within 1 % (99.7 %), median 0 %, worst 27 %".
[[nodiscard]] std::string summary(const Agreement& agreement, double tolerance);
// One line per comparison outside the tolerance.
[[nodiscard]] std::string disagreements(const std::vector<Comparison>& comparisons,
                                        const Tolerance& tolerance);

}  // namespace weft::validation
