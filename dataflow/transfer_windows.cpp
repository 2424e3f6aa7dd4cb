// Ranks of several dims (sliding windows): tiles of different instances and steps may overlap.
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <type_traits>
#include <utility>
#include <vector>

#include "dataflow/coord_bits.hpp"
#include "dataflow/transfers.hpp"

namespace weft {

template <class Set>
struct Transfers::Change {
  Set now, before;
  bool changed = true;
  friend bool operator==(const Change&, const Change&) = default;
};

namespace {

using Ranges = std::array<DimRange, kMaxDims>;

// Calls `visit` with every combination of one offset per dim.
template <class Dims, class Offsets, class Visit>
void for_each_combination(const Dims& dims, Offsets offsets, const Visit& visit) {
  std::array<std::size_t, kMaxDims> index{};
  std::array<std::int64_t, kMaxDims> value{};
  while (true) {
    for (std::size_t d = 0; d < dims.size(); ++d) {
      value[d] = (dims[d].*offsets)[index[d]];
    }
    visit(std::span<const std::int64_t>(value.data(), dims.size()));
    std::size_t d = dims.size();
    while (d > 0 && ++index[d - 1] == (dims[d - 1].*offsets).size()) {
      index[--d] = 0;
    }
    if (d == 0) {
      return;
    }
  }
}

// The kinds of sets a tile can be along a window's rank. Most are intervals; kernels that skip coordinates
// are not: bits where the rank is short, lists of intervals where it is long.
template <class Interval>
std::int64_t common(const Interval& a, const Interval& b) {
  return std::max<std::int64_t>(0, std::min(a.high, b.high) - std::max(a.low, b.low));
}
std::int64_t common(const CoordSet& a, const CoordSet& b) {
  return a.size() - subtract(a, b).size();
}
std::int64_t common(const CoordBits& a, const CoordBits& b) {
  return a.size() - subtract(a, b).size();
}

// As what can be taken apart.
const CoordSet& as_set(const CoordSet& set) {
  return set;
}
const CoordBits& as_set(const CoordBits& set) {
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

class BitUnion {
 public:
  void add(const CoordBits& set) { bits_.unite(set); }
  [[nodiscard]] const CoordBits& all() const { return bits_; }

 private:
  CoordBits bits_;
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
bool make_set(const Rank& rank, const Dims& dims, const Ranges& ranges, Footprint footprint, CoordBits& set) {
  std::int64_t low = rank.offset;
  std::int64_t reach = 0;
  set = CoordBits::origin();
  for (std::size_t d = 0; d < dims.size(); ++d) {
    low += dims[d].coeff * ranges[d].low;
    reach += dims[d].coeff * (ranges[d].count - 1);
    set.repeat(ranges[d].count, dims[d].coeff);
  }
  if (reach >= CoordBits::kMost) {
    return false;
  }
  set = low < 0 ? set.down(std::min(-low, CoordBits::kMost)) : set.up(std::min(low, CoordBits::kMost));
  set.intersect(CoordBits::range(0, rank.extent));
  set = footprint == Footprint::kBoundingBox ? set.hull() : set;
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

}  // namespace

template <class Set>
std::optional<Moved> Transfers::window(const Group& group, const Case& c, bool first,
                                       std::span<const std::int64_t> digits) const {
  const std::size_t dims = group.dims.size();
  std::array<std::int64_t, kMaxDims> now{};
  std::array<std::int64_t, kMaxDims> before{};
  bases(group, c, digits, {now.data(), dims}, {before.data(), dims});
  const bool compares = retains_ && !first;
  const bool slides = compares && question_.halo == Halo::kReuse;

  Moved result;
  bool representable = true;
  Ranges ranges{};
  Small<Change<Set>, 16> changes;
  const auto tile_at = [&](const auto& base_of, Set& set) {
    for (std::size_t d = 0; d < dims; ++d) {
      const std::int64_t base = base_of(d);
      if (base >= group.dims[d].size) {
        return false;
      }
      ranges[d] = {base, std::min(group.dims[d].extent, group.dims[d].size - base)};
    }
    representable = representable && make_set(*group.rank, group.dims, ranges, question_.footprint, set);
    return true;
  };
  for_each_combination(group.dims, &OwnDim::summed, [&](std::span<const std::int64_t> summed) {
    changes.clear();
    for_each_combination(group.dims, &OwnDim::united, [&](std::span<const std::int64_t> united) {
      Change<Set> one;
      if (!tile_at([&](std::size_t d) { return now[d] + summed[d] + united[d]; }, one.now)) {
        return;
      }
      if (compares) {
        (void)tile_at(
            [&](std::size_t d) { return last_base(group, c, d, before[d] + summed[d] + united[d]); },
            one.before);
        one.changed = !(one.now == one.before);
      }
      if (question_.unit == MulticastUnit::kWord ||
          std::find(changes.begin(), changes.end(), one) == changes.end()) {
        changes.push_back(std::move(one));
      }
    });
    if (changes.size() > 1 && question_.unit == MulticastUnit::kWord) {
      using Union = std::conditional_t<std::is_same_v<Set, CoordBits>, BitUnion, ListUnion>;
      result += together<Union>(changes, slides);
    } else {
      for (const Change<Set>& one : changes) {
        result += alone(one, slides);
      }
    }
  });
  return representable ? std::optional<Moved>(result) : std::nullopt;
}

bool Transfers::interior(const Group& group, const Case& c, std::span<const std::int64_t> digits) const {
  std::int64_t low = group.rank->offset, before_low = low, high = low, before_high = low;
  for (std::size_t d = 0; d < group.dims.size(); ++d) {
    const OwnDim& dim = group.dims[d];
    std::int64_t now = 0, before = 0;
    for (std::size_t i = 0; i < group.loops.size(); ++i) {
      const OwnLoop& loop = group.loops[i];
      if (static_cast<std::size_t>(loop.slot) != d) {
        continue;
      }
      const int place = static_cast<int>(i) - c.pivot;
      now += digits[i] * loop.stride;
      // Outside the pivot as now, the pivot one step back, inside it at the end.
      before += (place < 0               ? digits[i]
                 : place == 0 && c.steps ? digits[i] - 1
                                         : loop.bound - 1) *
                loop.stride;
    }
    const std::int64_t last = dim.reach + dim.extent;
    if (now + last > dim.size || before + last > dim.size) {
      return false;
    }
    low += dim.coeff * now;
    before_low += dim.coeff * before;
    high += dim.coeff * (now + last - 1);
    before_high += dim.coeff * (before + last - 1);
  }
  return std::min(low, before_low) >= 0 && std::max(high, before_high) < group.rank->extent;
}

Moved Transfers::window_entry(const Group& group, const Case& c, bool first,
                              std::span<const std::int64_t> digits) const {
  // One instance, and tiles without gaps: most windows of most machines.
  const bool compares = retains_ && !first;
  Run now(*group.rank), before(*group.rank);
  bool lone = true;
  for (std::size_t d = 0; lone && d < group.dims.size(); ++d) {
    const OwnDim& dim = group.dims[d];
    std::int64_t base = 0, back = 0;
    for (std::size_t i = 0; i < group.loops.size(); ++i) {
      if (static_cast<std::size_t>(group.loops[i].slot) == d) {
        const int place = static_cast<int>(i) - c.pivot;
        base += digits[i] * group.loops[i].stride;
        back += (place < 0 ? digits[i] : place == 0 && c.steps ? digits[i] - 1 : 0) * group.loops[i].stride;
      }
    }
    if (base >= dim.size && dim.summed.size() * dim.united.size() == 1) {
      return {};
    }
    lone = dim.summed.size() * dim.united.size() == 1 && now.add(dim, base) &&
           (!compares || before.add(dim, last_base(group, c, d, back)));
  }
  if (lone) {
    const Interval here = now.interval<Interval>();
    const Change<Interval> one{here, compares ? before.interval<Interval>() : Interval{},
                               !compares || !(here == before.interval<Interval>())};
    return alone(one, compares && question_.halo == Halo::kReuse);
  }
  const bool unites = std::any_of(group.dims.begin(), group.dims.end(),
                                  [](const OwnDim& dim) { return dim.united.size() > 1; });
  const bool is_short = group.rank->extent <= CoordBits::kMost;
  if (!unites || !is_short) {
    if (const std::optional<Moved> moved = window<Interval>(group, c, first, digits)) {
      return *moved;
    }
  }
  if (is_short) {
    if (const std::optional<Moved> moved = window<CoordBits>(group, c, first, digits)) {
      return *moved;
    }
  }
  return *window<CoordSet>(group, c, first, digits);
}

}  // namespace weft
