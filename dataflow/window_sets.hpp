// The kinds of sets a tile can be along a window's rank, and what becomes of its words when it moves.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <utility>
#include <vector>

#include "dataflow/coord_bits.hpp"
#include "dataflow/rank_sets.hpp"
#include "dataflow/transfer_group.hpp"

namespace weft::window_sets {

using Ranges = std::array<DimRange, kMaxDims>;  // [dim of the group]

// The kinds of sets a tile can be along a window's rank. Most are intervals; kernels that skip coordinates
// are not: bits where the rank is short, lists of intervals where it is long.
template <class Interval>
std::int64_t common(const Interval& a, const Interval& b) {
  return std::max<std::int64_t>(0, std::min(a.high, b.high) - std::max(a.low, b.low));
}
inline std::int64_t common(const CoordSet& a, const CoordSet& b) {
  return a.size() - subtract(a, b).size();
}
template <std::size_t kWords>
std::int64_t common(CoordBits<kWords> a, const CoordBits<kWords>& b) {
  a.intersect(b);
  return a.size();
}

// As what can be taken apart.
inline const CoordSet& as_set(const CoordSet& set) {
  return set;
}
template <std::size_t kWords>
const CoordBits<kWords>& as_set(const CoordBits<kWords>& set) {
  return set;
}
template <class Interval>
CoordSet as_set(const Interval& interval) {
  return interval.size() == 0 ? CoordSet() : CoordSet({{interval.low, interval.high}});
}

class ListUnion {
 public:
  void add(CoordSet set) { sets_.push_back(std::move(set)); }
  [[nodiscard]] CoordSet all() const { return unite(sets_); }

 private:
  std::vector<CoordSet> sets_;
};

template <class Bits>
class BitUnion {
 public:
  void add(const Bits& set) { bits_.unite(set); }
  [[nodiscard]] const Bits& all() const { return bits_; }

 private:
  Bits bits_;
};

// How tiles of one kind of set are united.
template <class Set>
struct UnionOf {
  using Type = ListUnion;
};
template <std::size_t kWords>
struct UnionOf<CoordBits<kWords>> {
  using Type = BitUnion<CoordBits<kWords>>;
};

// Dims come with ascending coefficients: each next one continues the run of the ones before or leaves gaps.
template <class Dims, class Interval>
bool make_set(const Rank& rank, const Dims& dims, const Ranges& ranges, Footprint /*footprint*/,
              Interval& set) {
  std::int64_t low = rank.offset;
  std::int64_t run = 1;
  for (std::size_t d = 0; d < dims.size(); ++d) {
    low += dims[d].coeff * ranges[d].low;
    if (ranges[d].count > 1) {
      if (dims[d].coeff > run) {
        return false;
      }
      run += dims[d].coeff * (ranges[d].count - 1);
    }
  }
  set = {std::max<std::int64_t>(low, 0), std::min(low + run, rank.extent)};
  if (set.high <= set.low) {
    set = {};
  }
  return true;
}

template <class Dims>
bool make_set(const Rank& rank, const Dims& dims, const Ranges& ranges, Footprint footprint, CoordSet& set) {
  std::vector<DimRange> terms;
  for (const Term& term : rank.terms) {
    const auto dim =
        std::find_if(dims.begin(), dims.end(), [&](const auto& own) { return own.dim == term.dim; });
    terms.push_back(dim == dims.end() ? DimRange{0, 1}
                                      : ranges[static_cast<std::size_t>(dim - dims.begin())]);
  }
  set = touched(rank, terms, footprint);
  return true;
}

// Makes the tiles of one window; false: such a set cannot be this tile.
template <class Set>
class TileMaker {
 public:
  TileMaker(const Rank& rank, Footprint footprint) : rank_(rank), footprint_(footprint) {}
  template <class Dims>
  bool make(const Dims& dims, const Ranges& ranges, Set& set) {
    return make_set(rank_, dims, ranges, footprint_, set);
  }

 private:
  const Rank& rank_;
  Footprint footprint_;
};

// Most tiles are the same but for where they are.
template <std::size_t kWords>
class TileMaker<CoordBits<kWords>> {
 public:
  using Bits = CoordBits<kWords>;
  TileMaker(const Rank& rank, Footprint footprint)
      : rank_(rank), footprint_(footprint), stored_(Bits::range(0, std::min(rank.extent, Bits::kMost))) {}
  template <class Dims>
  bool make(const Dims& dims, const Ranges& ranges, Bits& set) {
    std::int64_t low = rank_.offset;
    bool same = made_;
    for (std::size_t d = 0; d < dims.size(); ++d) {
      low += dims[d].coeff * ranges[d].low;
      same = same && counts_[d] == ranges[d].count;
    }
    if (!same && !shape(dims, ranges)) {
      return false;
    }
    set = low < 0 ? shape_.down(std::min(-low, Bits::kMost)) : shape_.up(std::min(low, Bits::kMost));
    set.intersect(stored_);
    set = footprint_ == Footprint::kBoundingBox ? set.hull() : set;
    return true;
  }

 private:
  template <class Dims>
  bool shape(const Dims& dims, const Ranges& ranges) {
    std::int64_t reach = 0;
    shape_ = Bits::origin();
    for (std::size_t d = 0; d < dims.size(); ++d) {
      counts_[d] = ranges[d].count;
      reach += dims[d].coeff * (ranges[d].count - 1);
      shape_.repeat(ranges[d].count, dims[d].coeff);
    }
    made_ = reach < Bits::kMost;
    return made_;
  }

  const Rank& rank_;
  Footprint footprint_;
  Bits stored_, shape_;  // the rank's coordinates; the tile at its least place
  std::array<std::int64_t, kMaxDims> counts_{};
  bool made_ = false;
};

// Coordinates that follow each other, dim by dim.
struct Run {
  explicit Run(const Rank& along) : low(along.offset), extent(along.extent) {}
  std::int64_t low, length = 1, extent;
  bool inside = true;  // of all dims
  // A tile of the dim from `base` on; false: it would leave gaps.
  template <class Dim>
  bool add(const Dim& dim, std::int64_t base) {
    const std::int64_t count = std::min(dim.extent, dim.size - base);
    inside = inside && count > 0;
    low += dim.coeff * base;
    if (count > 1) {
      if (dim.coeff > length) {
        return false;
      }
      length += dim.coeff * (count - 1);
    }
    return true;
  }
  template <class Interval>
  [[nodiscard]] Interval interval() const {
    const Interval part{std::max<std::int64_t>(low, 0), std::min(low + length, extent)};
    return inside && part.high > part.low ? part : Interval{};
  }
};

template <class Change>
Moved alone(const Change& one, bool slides) {
  Moved moved;
  if (!one.changed) {
    moved.same = one.now.size();
  } else {
    moved.held = slides ? common(one.now, one.before) : 0;
    moved.fresh = one.now.size() - moved.held;
  }
  return moved;
}

// Words united over instances: a word counts by the most that happens to it in any of them.
template <class Union, class Changes>
Moved together(const Changes& changes, bool slides) {
  Union same, changed, fresh;
  for (const auto& one : changes) {
    const auto& now = as_set(one.now);
    (one.changed ? changed : same).add(now);
    if (one.changed) {
      fresh.add(slides ? subtract(now, as_set(one.before)) : now);
    }
  }
  const auto& all_changed = changed.all();
  Moved moved;
  moved.fresh = fresh.all().size();
  moved.held = all_changed.size() - moved.fresh;
  moved.same = subtract(same.all(), all_changed).size();
  return moved;
}

}  // namespace weft::window_sets
