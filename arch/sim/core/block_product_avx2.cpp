// Products of matrices for machines with AVX2: two vectors of four sums make the lanes of a row.
// SPDX-License-Identifier: Apache-2.0
#include <immintrin.h>

#include "arch/sim/core/block_product.hpp"

namespace weft::sim {
namespace {

// Four neighbouring words, each in the lower half of a lane: all that the multiplication looks at.
__m256i words_at(const std::int32_t* from) {
  return _mm256_cvtepi32_epi64(_mm_loadu_si128(reinterpret_cast<const __m128i*>(from)));
}

template <std::size_t Rows>
void rows_of_product(const BlockShape& shape, const std::int32_t* a, const std::int32_t* b, std::int64_t* c) {
  for (std::size_t x = 0; x < shape.columns; x += kBlockLanes) {
    __m256i low[Rows], high[Rows];
    for (std::size_t row = 0; row < Rows; ++row) {
      low[row] = high[row] = _mm256_setzero_si256();
    }
    for (std::size_t i = 0; i < shape.sums; ++i) {
      const __m256i first = words_at(b + i * shape.columns + x);
      const __m256i second = words_at(b + i * shape.columns + x + 4);
      for (std::size_t row = 0; row < Rows; ++row) {
        const __m256i left = _mm256_set1_epi32(a[row * shape.sums + i]);
        low[row] = _mm256_add_epi64(low[row], _mm256_mul_epi32(left, first));
        high[row] = _mm256_add_epi64(high[row], _mm256_mul_epi32(left, second));
      }
    }
    for (std::size_t row = 0; row < Rows; ++row) {
      std::int64_t* to = c + row * shape.columns + x;
      _mm256_storeu_si256(reinterpret_cast<__m256i*>(to), low[row]);
      _mm256_storeu_si256(reinterpret_cast<__m256i*>(to + 4), high[row]);
    }
  }
}

}  // namespace

void block_product_avx2(const BlockShape& shape, const std::int32_t* a, const std::int32_t* b,
                        std::int64_t* c) {
  std::size_t row = 0;
  for (; row + 4 <= shape.rows; row += 4) {
    rows_of_product<4>(shape, a + row * shape.sums, b, c + row * shape.columns);
  }
  for (; row < shape.rows; ++row) {
    rows_of_product<1>(shape, a + row * shape.sums, b, c + row * shape.columns);
  }
}

}  // namespace weft::sim
