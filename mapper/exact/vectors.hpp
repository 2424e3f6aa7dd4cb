// Rows of doubles, computed with the widest vectors that the processor has. Widths are whole vectors.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>

namespace weft::exact {

// Doubles of the widest vector.
inline constexpr std::size_t kVector = 8;
[[nodiscard]] constexpr std::size_t padded(std::size_t doubles) {
  return (doubles + kVector - 1) / kVector * kVector;
}

// out[i] = a[i] * b[i] * c[i] for i in [begin, end).
void multiply(const double* a, const double* b, const double* c, double* out, std::size_t begin,
              std::size_t end);
// The sum of some rows, column by column.
void add_up(const double* const* rows, std::size_t count, std::size_t width, double* sum);
// into[i] = the lesser of row[i] and into[i].
void take_least(const double* row, double* into, std::size_t width);
// The greatest of a[i] + b[i].
[[nodiscard]] double greatest_sum(const double* a, const double* b, std::size_t width);

}  // namespace weft::exact
