// Matrix products on a systolic array, through its pins: tiles are offered in order, results are collected
// below the columns, and cycles are counted.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <vector>

#include "base/rng.hpp"
#include "tests/sim/golden/arrays.hpp"

namespace weft::testing {

// c[m][n] = sum over k of a[m][k] * b[k][n], row-major.
struct Product {
  std::int64_t m = 1, n = 1, k = 1;
  Words a, b;
  [[nodiscard]] std::int64_t a_at(std::int64_t row, std::int64_t col) const {
    return a[static_cast<std::size_t>(row * k + col)];
  }
  [[nodiscard]] std::int64_t b_at(std::int64_t row, std::int64_t col) const {
    return b[static_cast<std::size_t>(row * n + col)];
  }
};
[[nodiscard]] Product random_product(std::int64_t m, std::int64_t n, std::int64_t k, int bits, Rng& rng);
// The naive result, wrapped to `bits`.
[[nodiscard]] Words product_of(const Product& product, int bits);

// What one tile covers.
struct Span {
  std::int64_t first = 0, size = 0;
};
struct ArrayTile {
  Span m, n, k;
};
// Extents of a tile at most; the last one along a dim is smaller where they do not divide.
struct TileExtents {
  std::int64_t m = 1, n = 1, k = 1;
};
// In the order for n { for m { for k } } (weight-stationary) and for m { for n }, all of k in one
// (output-stationary).
[[nodiscard]] std::vector<ArrayTile> weight_stationary_tiles(const Product& product,
                                                             const TileExtents& extents);
[[nodiscard]] std::vector<ArrayTile> output_stationary_tiles(const Product& product,
                                                             const TileExtents& extents);

// Probability that a cycle passes in which no operand is offered (each stream for itself), or no sum is
// taken.
struct Hesitation {
  double operands = 0, sums = 0;
  std::uint64_t seed = 1;
  // Cycles that a row of weights takes to arrive, from when the array has room for it.
  std::int64_t cycles_per_row = 1;
};

struct ArrayRun {
  // From the first cycle in which a word is offered to the one in which the last sum is taken, both counted.
  std::int64_t cycles = 0;
  Words c;  // wrapped to the array's sums, also where tiles along k were added below the array
};
// Throws std::runtime_error when the array delivers more or fewer sums than it should, or nothing for long.
[[nodiscard]] ArrayRun run(WeightStationary& array, const Product& product,
                           const std::vector<ArrayTile>& tiles, const Hesitation& hesitation = {});
[[nodiscard]] ArrayRun run(OutputStationary& array, const Product& product,
                           const std::vector<ArrayTile>& tiles, const Hesitation& hesitation = {});

}  // namespace weft::testing
