// Ranks of several dims (sliding windows): tiles of different instances and steps may overlap.
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>

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

// The two kinds of sets a tile can be along a window's rank. Most are intervals; kernels that skip
// coordinates are not.
template <class Interval>
std::int64_t common(const Interval& a, const Interval& b) {
  return std::max<std::int64_t>(0, std::min(a.high, b.high) - std::max(a.low, b.low));
}
std::int64_t common(const CoordSet& a, const CoordSet& b) {
  return a.size() - subtract(a, b).size();
}

CoordSet as_set(const CoordSet& set) {
  return set;
}
template <class Interval>
CoordSet as_set(const Interval& interval) {
  return interval.size() == 0 ? CoordSet() : CoordSet({{interval.low, interval.high}});
}

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
template <class Changes>
Moved together(const Changes& changes, bool slides) {
  std::vector<CoordSet> same, changed, fresh;
  for (const auto& one : changes) {
    if (!one.changed) {
      same.push_back(as_set(one.now));
      continue;
    }
    changed.push_back(as_set(one.now));
    fresh.push_back(slides ? subtract(as_set(one.now), as_set(one.before)) : as_set(one.now));
  }
  const CoordSet all_changed = unite(changed);
  Moved moved;
  moved.fresh = unite(fresh).size();
  moved.held = all_changed.size() - moved.fresh;
  moved.same = subtract(unite(same), all_changed).size();
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
      result += together(changes, slides);
    } else {
      for (const Change<Set>& one : changes) {
        result += alone(one, slides);
      }
    }
  });
  return representable ? std::optional<Moved>(result) : std::nullopt;
}

Moved Transfers::window_entry(const Group& group, const Case& c, bool first,
                              std::span<const std::int64_t> digits) const {
  if (const std::optional<Moved> moved = window<Interval>(group, c, first, digits)) {
    return *moved;
  }
  return *window<CoordSet>(group, c, first, digits);
}

}  // namespace weft
