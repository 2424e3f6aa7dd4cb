// Products of matrices for machines with AVX-512: one vector of eight sums makes the lanes of a row.
// SPDX-License-Identifier: Apache-2.0
#include <immintrin.h>

#include "arch/sim/core/block_product.hpp"

namespace weft::sim {
namespace {

template <std::size_t Rows>
void rows_of_product(const BlockShape& shape, const std::int32_t* a, const std::int32_t* b, std::int64_t* c) {
  for (std::size_t x = 0; x < shape.columns; x += kBlockLanes) {
    __m512i sum[Rows];
    for (std::size_t row = 0; row < Rows; ++row) {
      sum[row] = _mm512_setzero_si512();
    }
    for (std::size_t i = 0; i < shape.sums; ++i) {
      // Each word in the lower half of a lane: all that the multiplication looks at.
      const __m512i right = _mm512_cvtepi32_epi64(
          _mm256_loadu_si256(reinterpret_cast<const __m256i*>(b + i * shape.columns + x)));
      for (std::size_t row = 0; row < Rows; ++row) {
        const __m512i left = _mm512_set1_epi32(a[row * shape.sums + i]);
        sum[row] = _mm512_add_epi64(sum[row], _mm512_mul_epi32(left, right));
      }
    }
    for (std::size_t row = 0; row < Rows; ++row) {
      _mm512_storeu_si512(c + row * shape.columns + x, sum[row]);
    }
  }
}

}  // namespace

void block_product_avx512(const BlockShape& shape, const std::int32_t* a, const std::int32_t* b,
                          std::int64_t* c) {
  std::size_t row = 0;
  for (; row + 8 <= shape.rows; row += 8) {
    rows_of_product<8>(shape, a + row * shape.sums, b, c + row * shape.columns);
  }
  for (; row + 4 <= shape.rows; row += 4) {
    rows_of_product<4>(shape, a + row * shape.sums, b, c + row * shape.columns);
  }
  for (; row < shape.rows; ++row) {
    rows_of_product<1>(shape, a + row * shape.sums, b, c + row * shape.columns);
  }
}

}  // namespace weft::sim
