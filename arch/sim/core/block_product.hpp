// A product of two small dense matrices of words, compiled once for each kind of vector unit: where the
// arithmetic of a simulation with values happens. Plain data only: what is compiled for a vector unit must
// not leave inline functions of common headers behind for others to call.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>

namespace weft::sim {

// Words that stand next to each other in a row of `b` and of `c` are taken so many at a time.
inline constexpr std::size_t kBlockLanes = 8;

struct BlockShape {
  std::size_t rows = 0, sums = 0, columns = 0;  // columns: a multiple of kBlockLanes
};

// c[row][column] = sum over i of a[row][i] * b[i][column], all row-major without gaps; exact in 64 bits.
using BlockProduct = void (*)(const BlockShape& shape, const std::int32_t* a, const std::int32_t* b,
                              std::int64_t* c);

void block_product_plain(const BlockShape& shape, const std::int32_t* a, const std::int32_t* b,
                         std::int64_t* c);
void block_product_avx2(const BlockShape& shape, const std::int32_t* a, const std::int32_t* b,
                        std::int64_t* c);
void block_product_avx512(const BlockShape& shape, const std::int32_t* a, const std::int32_t* b,
                          std::int64_t* c);

// Those that this build has and this machine can run, the widest last.
struct BlockProducts {
  BlockProduct of[3] = {};
  std::size_t count = 0;
};
[[nodiscard]] BlockProducts block_products();

}  // namespace weft::sim
