// Relative errors and their summary.
// SPDX-License-Identifier: Apache-2.0
#include "validation/comparison.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include <fmt/format.h>

namespace weft::validation {

namespace {

std::vector<double> ranks(const std::vector<double>& values) {
  std::vector<std::size_t> order(values.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return values[a] < values[b]; });
  std::vector<double> result(values.size());
  for (std::size_t first = 0, end = 0; first < order.size(); first = end) {
    while (end < order.size() && values[order[end]] == values[order[first]]) {
      ++end;
    }
    for (std::size_t i = first; i < end; ++i) {
      result[order[i]] = static_cast<double>(first + end - 1) / 2;
    }
  }
  return result;
}

}  // namespace

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

double mean_error(const std::vector<Comparison>& comparisons) {
  double sum = 0;
  for (const Comparison& comparison : comparisons) {
    sum += comparison.relative_error();
  }
  return sum / static_cast<double>(comparisons.size());
}

double rank_correlation(const std::vector<Comparison>& comparisons) {
  std::vector<double> references, ours;
  for (const Comparison& comparison : comparisons) {
    references.push_back(comparison.reference);
    ours.push_back(comparison.ours);
  }
  const std::vector<double> x = ranks(references);
  const std::vector<double> y = ranks(ours);
  const double mean = static_cast<double>(x.size() - 1) / 2;
  double xy = 0, xx = 0, yy = 0;
  for (std::size_t i = 0; i < x.size(); ++i) {
    xy += (x[i] - mean) * (y[i] - mean);
    xx += (x[i] - mean) * (x[i] - mean);
    yy += (y[i] - mean) * (y[i] - mean);
  }
  return xy / std::sqrt(xx * yy);
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
