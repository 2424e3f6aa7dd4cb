// Words along a rank on which windows overlap or padding cuts them: summed over many tiles.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "mapper/exact/chains.hpp"
#include "workload/problem.hpp"

namespace weft::exact {

// Does the dim move along the rank?
[[nodiscard]] bool mentions(const Rank& rank, int dim);
// Several dims larger than 1 move along the rank: tiles of different index may overlap.
[[nodiscard]] bool is_windowed(const Rank& rank, const Problem& problem);

struct Interval {
  std::int64_t low = 0, high = 0;  // [low, high)
};
// Pieces of `extent` elements at each of the ascending offsets: disjoint, ascending.
[[nodiscard]] std::vector<Interval> pieces_at(const Indices& offsets, std::int64_t extent);

// One dim as a sum over tiles sees it: every base is the place of a tile, which is cut at `size`.
struct WindowSide {
  std::int64_t coeff = 1;
  std::int64_t size = 1;
  Indices bases{0};                    // ascending
  std::vector<Interval> tile{{0, 1}};  // from its base on
  [[nodiscard]] std::int64_t reach() const { return tile.back().high; }
};

// One side per dim of the rank that is larger than 1; they outlive the use of the pointers.
inline const WindowSide kNoSide{};  // of an absent dim
using WindowSides = std::array<const WindowSide*, 2>;
inline constexpr WindowSides kNoSides = {&kNoSide, &kNoSide};

// Sum over all pairs of bases of the distinct coordinates inside [0, rank.extent).
[[nodiscard]] std::int64_t window_words(const Rank& rank, const WindowSides& sides);
// May tiles at different bases touch the same coordinates inside [0, rank.extent), and some at all? Only
// where padding cuts them. Say tile A and A + d (d > 0) look alike, from m to M. Then m - d is in A, so below
// 0, and M + d in A + d, so beyond the extent: d >= max(m + 1, extent - M). With gaps of at most G inside a
// tile, m + 1 and extent - M are at most G. A tile that reaches from m - d to M has at least M - m + d + 1 >=
// extent + 2 - G coordinates; whatever the gaps, (extent + 3) / 2.
[[nodiscard]] bool may_coincide(const Rank& rank, const WindowSides& sides);
// From the first to the last coordinate of the tile at the given bases, both included, not clipped.
[[nodiscard]] std::int64_t window_hull(const WindowSides& sides);

}  // namespace weft::exact
