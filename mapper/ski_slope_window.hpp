// Sliding windows of a ski slope: what a rank of up to two dims holds, shares and repeats when it is cut.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "mapper/ski_slope_axes.hpp"

namespace weft {

// A rank with its dims larger than 1: coordinate = offset + position * index + tap * index.
class WindowRank {
 public:
  // Throws TooManyTiles when neither dim can be walked through.
  WindowRank(const Problem& problem, const Rank& rank);

  // The rank cut into tiles of `position` and `tap` indices; both divide their dims.
  [[nodiscard]] SlopeWindow cut(std::int64_t position, std::int64_t tap) const;
  [[nodiscard]] bool overlaps() const { return overlaps_; }
  // Coordinates inside the extent, and pairs of indices that reach one.
  [[nodiscard]] std::int64_t distinct() const { return distinct_; }
  [[nodiscard]] std::int64_t inside() const { return positions_ * taps_ - outside_; }
  [[nodiscard]] const Term& position() const { return position_; }
  [[nodiscard]] const Term& tap() const { return tap_; }

 private:
  void measure(std::int64_t offset);
  [[nodiscard]] std::int64_t core(std::int64_t position, std::int64_t tap) const;
  [[nodiscard]] bool regular(std::int64_t position, std::int64_t tap) const;
  [[nodiscard]] bool contiguous(std::int64_t position, std::int64_t tap) const;
  [[nodiscard]] std::int64_t hull(std::int64_t position, std::int64_t tap) const;

  Term position_{-1, 1}, tap_{-1, 1};  // dim -1: none
  std::int64_t positions_ = 1, taps_ = 1;
  std::int64_t extent_ = 1;
  std::int64_t distinct_ = 0;  // coordinates inside the extent
  std::int64_t outside_ = 0;   // pairs of indices that are not
  bool overlaps_ = false;
};

}  // namespace weft
