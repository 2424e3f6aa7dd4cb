// Sets of coordinates along one rank of a tensor: what a tile touches, as sorted disjoint intervals.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <vector>

#include "dataflow/counts.hpp"
#include "workload/problem.hpp"

namespace weft {

// Indices [low, low + count) of one dim.
struct DimRange {
  std::int64_t low = 0;
  std::int64_t count = 1;
};

class CoordSet {
 public:
  struct Interval {
    std::int64_t low, high;  // [low, high)
    friend bool operator==(const Interval&, const Interval&) = default;
  };

  CoordSet() = default;
  // Intervals in any order, overlapping or not.
  explicit CoordSet(std::vector<Interval> parts);

  [[nodiscard]] std::int64_t size() const;
  [[nodiscard]] const std::vector<Interval>& parts() const { return parts_; }
  [[nodiscard]] std::vector<std::int64_t> coordinates() const;
  friend bool operator==(const CoordSet&, const CoordSet&) = default;

 private:
  std::vector<Interval> parts_;
};

[[nodiscard]] CoordSet unite(const std::vector<CoordSet>& sets);
[[nodiscard]] CoordSet subtract(const CoordSet& from, const CoordSet& what);

// Coordinates that the ranges (one per term of the rank, in its order) touch inside the stored extent.
[[nodiscard]] CoordSet touched(const Rank& rank, const std::vector<DimRange>& ranges, Footprint footprint);
// Their number when one dim moves along the rank by `coeff` and the others stay at index 0, without building
// the set.
[[nodiscard]] std::int64_t touched_count(const Rank& rank, std::int64_t coeff, const DimRange& range,
                                         Footprint footprint);

}  // namespace weft
