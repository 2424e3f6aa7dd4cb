// See block_product.hpp.
// SPDX-License-Identifier: Apache-2.0
#include "arch/sim/core/block_product.hpp"

namespace weft::sim {
namespace {

// Sums of `Rows` rows and of four columns are kept in registers.
template <std::size_t Rows>
void rows_of_product(const BlockShape& shape, const std::int32_t* a, const std::int32_t* b, std::int64_t* c) {
  constexpr std::size_t kColumns = 4;
  for (std::size_t x = 0; x < shape.columns; x += kColumns) {
    std::int64_t sum[Rows][kColumns] = {};
    for (std::size_t i = 0; i < shape.sums; ++i) {
      const std::int32_t* right = b + i * shape.columns + x;
      for (std::size_t row = 0; row < Rows; ++row) {
        const std::int64_t left = a[row * shape.sums + i];
        for (std::size_t column = 0; column < kColumns; ++column) {
          sum[row][column] += left * right[column];
        }
      }
    }
    for (std::size_t row = 0; row < Rows; ++row) {
      for (std::size_t column = 0; column < kColumns; ++column) {
        c[row * shape.columns + x + column] = sum[row][column];
      }
    }
  }
}

}  // namespace

void block_product_plain(const BlockShape& shape, const std::int32_t* a, const std::int32_t* b,
                         std::int64_t* c) {
  std::size_t row = 0;
  for (; row + 2 <= shape.rows; row += 2) {
    rows_of_product<2>(shape, a + row * shape.sums, b, c + row * shape.columns);
  }
  if (row < shape.rows) {
    rows_of_product<1>(shape, a + row * shape.sums, b, c + row * shape.columns);
  }
}

BlockProducts block_products() {
  BlockProducts result;
  result.of[result.count++] = block_product_plain;
#ifdef WEFT_BLOCK_X86
  if (__builtin_cpu_supports("avx2")) {
    result.of[result.count++] = block_product_avx2;
  }
  if (__builtin_cpu_supports("avx512f")) {
    result.of[result.count++] = block_product_avx512;
  }
#endif
  return result;
}

}  // namespace weft::sim
