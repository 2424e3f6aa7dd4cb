// SPDX-License-Identifier: Apache-2.0
#include "validation/print_parts.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

#include <fmt/format.h>

#include "base/table.hpp"

namespace weft::validation {
namespace {

constexpr std::size_t kWorstRows = 5;

std::size_t worst_row(const Series& series) {
  std::size_t worst = 0;
  for (std::size_t i = 1; i < series.rows.size(); ++i) {
    worst = series.rows[i].relative_error() > series.rows[worst].relative_error() ? i : worst;
  }
  return worst;
}

bool can_be_ranked(const Series& series) {
  const auto constant = [&](double Comparison::*side) {
    return std::all_of(series.rows.begin(), series.rows.end(),
                       [&](const Comparison& row) { return row.*side == series.rows.front().*side; });
  };
  return series.ranked && series.rows.size() > 2 && !constant(&Comparison::reference) &&
         !constant(&Comparison::ours);
}

}  // namespace

std::string number(double value) {
  if (value == std::floor(value) && std::abs(value) >= 1000 && std::abs(value) < 1e15) {
    return grouped(static_cast<long long>(value));
  }
  return significant(value);
}

std::string signed_error(const Comparison& row) {
  if (row.reference == 0) {
    return row.ours == 0 ? "0 %" : "–";
  }
  const double percent = 100 * (row.ours / row.reference - 1);
  return std::abs(percent) < 5e-7 ? "0 %" : fmt::format("{:+.3g} %", percent);
}

std::string summary_line(const Series& series) {
  if (series.rows.empty()) {
    return "no rows";
  }
  const std::size_t worst = worst_row(series);
  const double error = series.rows[worst].relative_error();
  std::string text = fmt::format("{} row{}, mean absolute error {:.3g} %", series.rows.size(),
                                 series.rows.size() == 1 ? "" : "s", 100 * mean_error(series.rows));
  text += error > 0
              ? fmt::format(", worst {} ({})", signed_error(series.rows[worst]), series.rows[worst].what)
              : "";
  if (can_be_ranked(series)) {
    text += fmt::format(", Spearman {:.4f}", rank_correlation(series.rows));
  }
  return text;
}

std::string claim_line(const Claim& claim) {
  const char* relation = claim.relation == Claim::Relation::kAtMost    ? "at most "
                         : claim.relation == Claim::Relation::kAtLeast ? "at least "
                                                                       : "exactly ";
  const auto text = [&claim](double value) {
    return claim.percent ? fmt::format("{:.3g} %", 100 * value) : fmt::format("{:.6g}", value);
  };
  return fmt::format("{}: {} (claimed: {}{}){}", claim.what, text(claim.found), relation, text(claim.limit),
                     claim.met() ? "" : " MISSED");
}

std::vector<std::size_t> shown_rows(const Series& series) {
  std::vector<std::size_t> rows(series.rows.size());
  std::iota(rows.begin(), rows.end(), std::size_t{0});
  if (series.summarised && rows.size() > kWorstRows) {
    std::stable_sort(rows.begin(), rows.end(), [&](std::size_t a, std::size_t b) {
      return series.rows[a].relative_error() > series.rows[b].relative_error();
    });
    rows.resize(kWorstRows);
  }
  return rows;
}

}  // namespace weft::validation
