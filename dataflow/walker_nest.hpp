// Loops, digits and coordinate sets for the literal walker: docs/design.md 4.1 and 4.2 by enumeration.
// Private to walker.cpp and its tests.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <vector>

#include "dataflow/counts.hpp"
#include "dataflow/mapping.hpp"

namespace weft::walker {

using Digits = std::vector<std::int64_t>;       // one per loop
using Coordinates = std::vector<std::int64_t>;  // along one rank, ascending, distinct
using Words = std::vector<std::int64_t>;        // numbers of words in the stored tensor

struct FlatLoop {
  int level = 0;
  int dim = 0;
  std::int64_t bound = 1;
  std::int64_t stride = 1;  // product of the bounds of the dim's loops further in
};

// Cuts the nest above the temporal loops of `level` (the depth: compute): the loops outside, whose digits
// say which instance and when, and the index offsets that the loops inside reach.
class Boundary {
 public:
  Boundary(const Mapping& mapping, const Problem& problem, int level);

  [[nodiscard]] const std::vector<FlatLoop>& temporal() const { return temporal_; }
  [[nodiscard]] const std::vector<FlatLoop>& spatial() const { return spatial_; }
  // Every combination of digits, in the order of the loops.
  void for_each_temporal(const std::function<void(const Digits&)>& visit) const;
  void for_each_spatial(const std::function<void(const Digits&)>& visit) const;
  // Index per dim with all digits inside at zero.
  [[nodiscard]] std::vector<std::int64_t> index(const Digits& temporal, const Digits& spatial) const;
  // Is there work: is every index below its dim's size?
  [[nodiscard]] bool happens(const std::vector<std::int64_t>& index) const;
  // The indices of `dim` that the loops inside reach from `base`, without those past the dim's size.
  [[nodiscard]] std::vector<std::int64_t> reached(int dim, std::int64_t base) const;

 private:
  std::vector<std::int64_t> sizes_;
  std::vector<FlatLoop> temporal_, spatial_;
  std::vector<std::vector<std::int64_t>> inside_;  // per dim: offsets
};

// The coordinates of a tensor touched inside a boundary, rank by rank; each set is built once.
class RankSets {
 public:
  RankSets(const Boundary& boundary, const TensorShape& tensor, Footprint footprint)
      : boundary_(boundary), tensor_(tensor), footprint_(footprint), known_(tensor.ranks.size()) {}

  // One set per rank, for the tile that starts at `base`. Pointers live as long as this object.
  [[nodiscard]] std::vector<const Coordinates*> tile(const std::vector<std::int64_t>& base);
  // All words of the product of the sets.
  [[nodiscard]] Words words(const std::vector<const Coordinates*>& sets) const;

 private:
  [[nodiscard]] Coordinates build(const Rank& rank, const std::vector<std::int64_t>& base) const;

  const Boundary& boundary_;
  const TensorShape& tensor_;
  Footprint footprint_;
  std::vector<std::map<std::vector<std::int64_t>, Coordinates>> known_;
};

}  // namespace weft::walker
