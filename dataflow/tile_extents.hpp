// How much of each dim lies inside a level, and how many words of a tensor that touches: what capacity
// checks need, without allocating.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <limits>
#include <numeric>

#include "dataflow/mapping.hpp"

namespace weft {

// Sums and products of positive numbers that stop at 2^63-1 instead of overflowing.
[[nodiscard]] inline std::int64_t saturating_mul(std::int64_t a, std::int64_t b) {
  std::int64_t result = 0;
  return __builtin_mul_overflow(a, b, &result) ? std::numeric_limits<std::int64_t>::max() : result;
}
[[nodiscard]] inline std::int64_t saturating_add(std::int64_t a, std::int64_t b) {
  std::int64_t result = 0;
  return __builtin_add_overflow(a, b, &result) ? std::numeric_limits<std::int64_t>::max() : result;
}

// Per dim, the product of the bounds of the loops enclosed so far.
class TileExtents {
 public:
  TileExtents() { extents_.fill(1); }

  [[nodiscard]] std::int64_t operator[](int dim) const { return extents_[static_cast<std::size_t>(dim)]; }
  void multiply(int dim, std::int64_t bound) {
    std::int64_t& extent = extents_[static_cast<std::size_t>(dim)];
    extent = saturating_mul(extent, bound);
  }
  // Takes in the loops of a level and of the fan-out below it.
  void enclose(const LevelMapping& level) {
    for (const Loop& loop : level.temporal) {
      multiply(loop.dim, loop.bound);
    }
    for (const SpatialLoop& loop : level.spatial) {
      multiply(loop.dim, loop.bound);
    }
  }
  // A tile ends where the problem ends.
  [[nodiscard]] TileExtents clipped(const Problem& problem) const {
    TileExtents result = *this;
    for (int d = 0; d < problem.rank(); ++d) {
      result.extents_[static_cast<std::size_t>(d)] = std::min((*this)[d], problem.size(d));
    }
    return result;
  }

 private:
  std::array<std::int64_t, kMaxDims> extents_{};
};

// Distinct coordinates s*a + d*b with a < n, b < m. With s and d freed of their common divisor, (a, b) and
// (a + d, b - s) meet: each coordinate is a chain of such pairs, counted at its last.
[[nodiscard]] inline std::int64_t distinct_sums(const Term& s, std::int64_t n, const Term& d,
                                                std::int64_t m) {
  const std::int64_t common = s.coeff == 1 || d.coeff == 1 ? 1 : std::gcd(s.coeff, d.coeff);
  const std::int64_t followed = saturating_mul(std::max<std::int64_t>(0, n - d.coeff / common),
                                               std::max<std::int64_t>(0, m - s.coeff / common));
  return saturating_mul(n, m) - followed;
}

// Coordinates along a rank of a tile in the tensor's interior, at most the whole rank. With three or more
// terms the smaller of hull and product, which no union exceeds.
// `Extents` gives the tile's extent for a dim's index.
template <class Extents>
[[nodiscard]] std::int64_t coordinates_inside(const Rank& rank, const Extents& extents) {
  const std::size_t terms = rank.terms.size();
  if (terms == 1) {
    return std::min(rank.extent, extents[rank.terms[0].dim]);
  }
  if (terms == 2) {
    const Term& s = rank.terms[0];
    const Term& d = rank.terms[1];
    if (extents[s.dim] == 1 || extents[d.dim] == 1) {
      return std::min(rank.extent, extents[s.dim] * extents[d.dim]);
    }
    return std::min(rank.extent, distinct_sums(s, extents[s.dim], d, extents[d.dim]));
  }
  std::int64_t hull = 1;
  std::int64_t product = 1;
  for (const Term& term : rank.terms) {
    hull = saturating_add(hull, saturating_mul(term.coeff, extents[term.dim] - 1));
    product = saturating_mul(product, extents[term.dim]);
  }
  return std::min({rank.extent, hull, product});
}

// Words of such a tile; the tensor's own size is the most it can be. `extents` are clipped to the problem.
template <class Extents>
[[nodiscard]] std::int64_t words_inside(const TensorShape& tensor, const Extents& extents) {
  std::int64_t words = 1;
  for (const Rank& rank : tensor.ranks) {
    words = saturating_mul(words, coordinates_inside(rank, extents));
  }
  return words;
}

}  // namespace weft
