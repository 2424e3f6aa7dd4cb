// Rows of doubles, computed with the widest vectors that the processor has. Widths are whole vectors.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <limits>

namespace weft::exact {

// Doubles of the widest vector.
inline constexpr std::size_t kVector = 8;
[[nodiscard]] constexpr std::size_t padded(std::size_t doubles) {
  return (doubles + kVector - 1) / kVector * kVector;
}

// out[i] = a[i] * b[i] for i in [begin, end).
void multiply(const double* a, const double* b, double* out, std::size_t begin, std::size_t end);
// into[i] = the lesser of row[i] and into[i].
void take_least(const double* row, double* into, std::size_t width);

// For what is one or two vectors long: not worth a call.
// The sum of some rows, column by column.
inline void add_up(const double* const* rows, std::size_t count, std::size_t width, double* sum) {
  for (std::size_t i = 0; i < width; i += kVector) {
    std::array<double, kVector> lanes{};
    for (std::size_t row = 0; row < count; ++row) {
      for (std::size_t lane = 0; lane < kVector; ++lane) {
        lanes[lane] += rows[row][i + lane];
      }
    }
    std::copy(lanes.begin(), lanes.end(), sum + i);
  }
}
// The greatest of a[i] + b[i].
[[nodiscard]] inline double greatest_sum(const double* a, const double* b, std::size_t width) {
  std::array<double, kVector> lanes;
  lanes.fill(-std::numeric_limits<double>::infinity());
  for (std::size_t i = 0; i < width; i += kVector) {
    for (std::size_t lane = 0; lane < kVector; ++lane) {
      const double sum = a[i + lane] + b[i + lane];
      lanes[lane] = sum > lanes[lane] ? sum : lanes[lane];
    }
  }
  return *std::max_element(lanes.begin(), lanes.end());
}

}  // namespace weft::exact
