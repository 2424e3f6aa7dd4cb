// SPDX-License-Identifier: Apache-2.0
#include "mapper/exact/vectors.hpp"

#include "mapper/exact/clones.hpp"

namespace weft::exact {

WEFT_CLONES void multiply(const double* a, const double* b, double* out, std::size_t begin, std::size_t end) {
  for (std::size_t i = begin; i < end; ++i) {
    out[i] = a[i] * b[i];
  }
}

WEFT_CLONES void take_least(const double* row, double* into, std::size_t width) {
  for (std::size_t i = 0; i < width; ++i) {
    into[i] = row[i] < into[i] ? row[i] : into[i];
  }
}

}  // namespace weft::exact
