// See ranking.hpp.
// SPDX-License-Identifier: Apache-2.0
#include "workload/ranking.hpp"

#include <algorithm>
#include <cmath>

#include "base/checked.hpp"

namespace weft {
namespace {

constexpr std::int64_t kSummed = 64;          // harmonic numbers up to here are summed
constexpr std::int64_t kMostDrawn = 1 << 16;  // rows

double harmonic(std::int64_t n) {
  if (n <= kSummed) {
    double sum = 0;
    for (std::int64_t i = 1; i <= n; ++i) {
      sum += 1.0 / static_cast<double>(i);
    }
    return sum;
  }
  constexpr double kEulerMascheroni = 0.57721566490153286;
  const auto x = static_cast<double>(n);
  return std::log(x) + kEulerMascheroni + 1 / (2 * x) - 1 / (12 * x * x);
}

// Pivots are equally likely to be any of those left.
std::int64_t drawn_row(const Ranking& ranking, std::int64_t lanes, Rng& rng) {
  std::int64_t cycles = 0;
  std::int64_t left = ranking.candidates, wanted = ranking.keep;
  while (true) {
    cycles += ceil_div(left, lanes);
    const std::int64_t pivot = rng.uniform(1, left);
    if (pivot == wanted) {
      return cycles;
    }
    if (pivot > wanted) {
      left = pivot - 1;
    } else {
      left -= pivot;
      wanted -= pivot;
    }
  }
}

}  // namespace

SelectWork expected_select(std::int64_t candidates, std::int64_t keep) {
  if (keep >= candidates) {
    return {};
  }
  const auto n = static_cast<double>(candidates), k = static_cast<double>(keep);
  const double all = harmonic(candidates), below = harmonic(keep), above = harmonic(candidates + 1 - keep);
  const double comparisons = 2 * ((n + 1) * all - (n + 3 - k) * above - (k + 2) * below + n + 3);
  const double passes = below + above - 1;
  return {comparisons + passes, passes};
}

double expected_cycles(const Ranking& ranking, std::int64_t lanes) {
  const SelectWork one = expected_select(ranking.candidates, ranking.keep);
  const auto width = static_cast<double>(lanes);
  return static_cast<double>(ranking.rows) * (one.looked_at / width + one.passes * (width - 1) / (2 * width));
}

std::int64_t drawn_cycles(const Ranking& ranking, std::int64_t lanes, Rng& rng) {
  if (ranking.keep >= ranking.candidates) {
    return 0;
  }
  const std::int64_t drawn = std::min(ranking.rows, kMostDrawn);
  std::int64_t cycles = 0;
  for (std::int64_t row = 0; row < drawn; ++row) {
    cycles = checked_add(cycles, drawn_row(ranking, lanes, rng));
  }
  return drawn == ranking.rows ? cycles
                               : std::llround(static_cast<double>(cycles) / static_cast<double>(drawn) *
                                              static_cast<double>(ranking.rows));
}

}  // namespace weft
