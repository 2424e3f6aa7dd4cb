// SPDX-License-Identifier: Apache-2.0
#include "mapper/exact/vectors.hpp"

#include <algorithm>
#include <array>
#include <limits>

#include "mapper/exact/clones.hpp"

namespace weft::exact {

WEFT_CLONES void multiply(const double* a, const double* b, const double* c, double* out, std::size_t begin,
                          std::size_t end) {
  for (std::size_t i = begin; i < end; ++i) {
    out[i] = a[i] * b[i] * c[i];
  }
}

WEFT_CLONES void add_up(const double* const* rows, std::size_t count, std::size_t width, double* sum) {
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

WEFT_CLONES void take_least(const double* row, double* into, std::size_t width) {
  for (std::size_t i = 0; i < width; ++i) {
    into[i] = row[i] < into[i] ? row[i] : into[i];
  }
}

WEFT_CLONES double greatest_sum(const double* a, const double* b, std::size_t width) {
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
