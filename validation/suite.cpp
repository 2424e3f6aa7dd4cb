// SPDX-License-Identifier: Apache-2.0
#include "validation/suite.hpp"

#include <algorithm>

#include "base/configs.hpp"

namespace weft::validation {

std::string_view name_of(Truth truth) {
  switch (truth) {
    case Truth::kSilicon:
      return "silicon";
    case Truth::kRtl:
      return "RTL";
    case Truth::kModel:
      return "authors' model";
    case Truth::kTool:
      return "another tool";
  }
  return "";
}

bool Claim::met() const {
  switch (relation) {
    case Relation::kAtMost:
      return found <= limit;
    case Relation::kAtLeast:
      return found >= limit;
    case Relation::kExactly:
      return found == limit;
  }
  return false;
}

Claim worst_within(const Series& series, double share) {
  return {.what = series.title + ": worst row",
          .found = agreement(series.rows, share).worst,
          .limit = share,
          .percent = true};
}

Claim mean_within(const Series& series, double share) {
  return {.what = series.title + ": mean absolute error",
          .found = mean_error(series.rows),
          .limit = share,
          .percent = true};
}

Claim ranks_at_least(const Series& series, double spearman) {
  return {.what = series.title + ": Spearman's rank correlation",
          .found = rank_correlation(series.rows),
          .relation = Claim::Relation::kAtLeast,
          .limit = spearman};
}

Claim all_equal(const Series& series, const Tolerance& tolerance) {
  const auto wrong = std::count_if(series.rows.begin(), series.rows.end(),
                                   [&](const Comparison& row) { return !tolerance.accepts(row); });
  return {.what = series.title + ": rows that differ",
          .found = static_cast<double>(wrong),
          .relation = Claim::Relation::kExactly,
          .limit = 0};
}

bool SuiteResult::met() const {
  return std::all_of(claims.begin(), claims.end(), [](const Claim& claim) { return claim.met(); });
}

SuiteOptions default_options() {
  return {.data = configs_dir() / "validation"};
}

std::filesystem::path table_of(const SuiteOptions& options, const char* own) {
  return options.table.empty() ? options.data / own : options.table;
}

}  // namespace weft::validation
