// The ski slope of a problem: the least traffic of the outermost level, for every size of the buffer below
// it. After Q. Huang et al., "Mind the Gap: Attainable Data Movement and Operational Intensity Bounds for
// Tensor Algorithms" (Orojenesis), ISCA 2024: for each tile that fits the loop order that saves most, and
// over all tiles the lower envelope. The counting is ours (docs/design.md, section 4).
//
// What it holds for: two storage levels with one instance each, the outermost and one buffer that holds the
// tiles of all three tensors at once; no bypasses; every dim as one loop over tiles that divide it, in any
// order. A tile takes words_inside() words of each tensor (dataflow/tile_extents.hpp). Traffic is what leaves
// the outermost level and arrives there: operands read, updates, partial sums read back. Uneven tiles,
// bypasses and several instances may need less; smaller windows, double buffering and reuse that hardware
// lacks only more.
//
// Exact where no two positions of a window share an input (`exact`): some mapping has this very traffic. With
// halos it is a lower bound of any order's traffic: ski_slope_axes.hpp says by which argument.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

#include "arch/spec/accelerator.hpp"
#include "workload/problem.hpp"

namespace weft {

// Bits of a word while it is stored.
struct SlopeWidths {
  PerRole<int> outer{};   // in the outermost level: what traffic is counted in
  PerRole<int> buffer{};  // in the buffer: what its capacity is counted in
};
// Of an accelerator: the outermost level, and for each tensor the outermost memory below it that holds it
// (none: the tensor's own width).
[[nodiscard]] SlopeWidths slope_widths(const Problem& problem, const Accelerator& accelerator);

// Where an accelerator stands on the slope: bits that its memories can give to tiles, all instances together;
// half of those that are double-buffered. Not limited: 2^63-1.
struct SlopeRoom {
  std::string name{};
  std::int64_t bits = 0;
};
// Every level below the outermost, then all of them together ("all on chip").
[[nodiscard]] std::vector<SlopeRoom> slope_rooms(const Accelerator& accelerator);

// From this capacity on. Words and bits are minima of their own: other tiles may reach the one and the other.
struct SlopePoint {
  std::int64_t capacity_bits =
      0;                   // room for one tile of each tensor; a double-buffered memory has twice that
  std::int64_t words = 0;  // of the outermost level; at most 2^63-1 (larger ones stop there)
  std::int64_t bits = 0;   // likewise
  friend bool operator==(const SlopePoint&, const SlopePoint&) = default;
};

struct SkiSlope {
  // Capacities ascend; words and bits never rise, and one of them falls from each point to the next. The last
  // point is the compulsory traffic: everything touched moves once.
  std::vector<SlopePoint> points;
  bool exact = true;
  std::int64_t tiles = 0;  // shapes compared

  [[nodiscard]] const SlopePoint& compulsory() const { return points.back(); }
  // Traffic with this much room; none: not even one word of each tensor fits.
  [[nodiscard]] std::optional<SlopePoint> at(std::int64_t capacity_bits) const;
  // The least capacity whose words are at most (1 + slack) times the compulsory ones.
  [[nodiscard]] std::int64_t knee(double slack) const;
};

// The problem has more tile shapes than are compared in a moment, or sizes too large to be divided.
class TooManyTiles : public std::length_error {
 public:
  using std::length_error::length_error;
};
inline constexpr std::int64_t kMaxSlopeTiles = 4'000'000;
inline constexpr std::int64_t kMaxSlopeSize = 10'000'000'000'000;  // of one dim

// Throws TooManyTiles. Precondition: no rank has more than two dims larger than 1 (WEFT_ENSURE).
[[nodiscard]] SkiSlope ski_slope(const Problem& problem, const SlopeWidths& widths);

struct RepeatedSlope {
  const SkiSlope* slope = nullptr;
  std::int64_t repeat = 1;
};
// Layers one after the other through the same buffer: the sum at every capacity that all of them can use.
// Precondition: at least one.
[[nodiscard]] SkiSlope sum(const std::vector<RepeatedSlope>& slopes);

}  // namespace weft
