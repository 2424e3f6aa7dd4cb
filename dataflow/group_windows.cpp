// Ranks of several dims (sliding windows): tiles of different instances and steps may overlap.
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "dataflow/group_summer.hpp"
#include "dataflow/window_sets.hpp"

namespace weft {

using namespace window_sets;

namespace {

struct Interval {
  std::int64_t low = 0, high = 0;  // [low, high); empty ones are {0, 0}
  [[nodiscard]] std::int64_t size() const { return high - low; }
  friend bool operator==(const Interval&, const Interval&) = default;
};

// A tile and the one held before, as one kind of set or another.
template <class Set>
struct Change {
  Set now, before;
  bool changed = true;
  friend bool operator==(const Change&, const Change&) = default;
};

// Calls `visit` with every combination of one offset per dim.
template <class Dims, class Offsets, class Visit>
void for_each_combination(const Dims& dims, Offsets offsets, const Visit& visit) {
  Small<std::size_t, 3> index(dims.size(), 0);
  Small<std::int64_t, 3> value(dims.size(), 0);
  while (true) {
    for (std::size_t d = 0; d < dims.size(); ++d) {
      value[d] = (dims[d].*offsets)[index[d]];
    }
    visit(std::span<const std::int64_t>(value.data(), value.size()));
    std::size_t d = dims.size();
    while (d > 0 && ++index[d - 1] == (dims[d - 1].*offsets).size()) {
      index[--d] = 0;
    }
    if (d == 0) {
      return;
    }
  }
}

}  // namespace

GroupSummer::Place GroupSummer::place(const Group& group, const Case& c,
                                      std::span<const std::int64_t> digits) {
  Place at(group.dims.size());
  for (std::size_t i = 0; i < group.loops.size(); ++i) {
    const OwnLoop& loop = group.loops[i];
    Along& along = at[static_cast<std::size_t>(loop.slot)];
    const int inwards = static_cast<int>(i) - c.pivot;
    const bool wraps = inwards > 0 || (inwards == 0 && !c.steps);
    const std::int64_t back = wraps ? 0 : (digits[i] - (inwards == 0 ? 1 : 0)) * loop.stride;
    along.now += digits[i] * loop.stride;
    along.before += back;
    along.wrapped += wraps ? (loop.bound - 1) * loop.stride : back;
  }
  return at;
}

// Do whole tiles up to `reach` further on lie inside the rank, now and before? Their words do not depend on
// where they are.
template <class Reach>
bool GroupSummer::inside(const Group& group, const Place& at, const Reach& reach) {
  std::int64_t low = group.rank->offset, before_low = low, high = low, before_high = low;
  for (std::size_t d = 0; d < group.dims.size(); ++d) {
    const OwnDim& dim = group.dims[d];
    const std::int64_t last = reach(dim) + dim.extent;
    if (at[d].now + last > dim.size || at[d].wrapped + last > dim.size) {
      return false;
    }
    low += dim.coeff * at[d].now;
    before_low += dim.coeff * at[d].wrapped;
    high += dim.coeff * (at[d].now + last - 1);
    before_high += dim.coeff * (at[d].wrapped + last - 1);
  }
  return std::min(low, before_low) >= 0 && std::max(high, before_high) < group.rank->extent;
}

bool GroupSummer::interior(const Group& group, const Case& c, std::span<const std::int64_t> digits) const {
  return inside(group, place(group, c, digits),
                [](const OwnDim& dim) { return dim.summed.back() + dim.united.back(); });
}

Moved GroupSummer::interior_entry(const Group& group, const Case& c, std::span<const std::int64_t> digits,
                                  std::optional<Moved>& whole) const {
  whole = whole ? whole : tile_entry(group, c, false, place(group, c, digits));
  std::int64_t times = 1;
  for (const OwnDim& dim : group.dims) {
    times *= static_cast<std::int64_t>(dim.summed.size());
  }
  return {whole->same * times, whole->held * times, whole->fresh * times};
}

Moved GroupSummer::window_entry(const Group& group, const Case& c, bool first,
                                std::span<const std::int64_t> digits, std::optional<Moved>& whole) const {
  const Place here = place(group, c, digits);
  const auto words_at = [&](const Place& at) {
    if (!inside(group, at, [](const OwnDim& dim) { return dim.united.back(); })) {
      return tile_entry(group, c, first, at);
    }
    whole = whole ? whole : tile_entry(group, c, first, at);
    return *whole;
  };
  if (std::all_of(group.dims.begin(), group.dims.end(),
                  [](const OwnDim& dim) { return dim.summed.size() == 1; })) {
    return words_at(here);
  }
  Place at = here;
  Moved result;
  for_each_combination(group.dims, &OwnDim::summed, [&](std::span<const std::int64_t> summed) {
    for (std::size_t d = 0; d < summed.size(); ++d) {
      at[d] = {here[d].now + summed[d], here[d].before + summed[d], here[d].wrapped + summed[d]};
    }
    result += words_at(at);
  });
  return result;
}

// Of the instances at one place: those that are united.
Moved GroupSummer::tile_entry(const Group& group, const Case& c, bool first, const Place& at) const {
  const bool unites = std::any_of(group.dims.begin(), group.dims.end(),
                                  [](const OwnDim& dim) { return dim.united.size() > 1; });
  const bool is_short = group.rank->extent <= CoordBits<8>::kMost;
  std::optional<Moved> moved;
  if (!unites) {
    moved = lone_tile(group, c, first, at);
  } else if (!is_short) {
    moved = window<Interval>(group, c, first, at);
  }
  moved = moved ? moved : short_window<1>(group, c, first, at);
  return moved ? *moved : *window<CoordSet>(group, c, first, at);
}

// In as few words of bits as will do.
template <std::size_t kWords>
std::optional<Moved> GroupSummer::short_window(const Group& group, const Case& c, bool first,
                                               const Place& at) const {
  std::optional<Moved> moved;
  if (group.rank->extent <= CoordBits<kWords>::kMost) {
    moved = window<CoordBits<kWords>>(group, c, first, at);
  }
  if constexpr (kWords < 8) {
    moved = moved ? moved : short_window<2 * kWords>(group, c, first, at);
  }
  return moved;
}

std::optional<Moved> GroupSummer::lone_tile(const Group& group, const Case& c, bool first,
                                            const Place& at) const {
  const bool compares = rules_.retains && !first;
  Run now(*group.rank), before(*group.rank);
  for (std::size_t d = 0; d < group.dims.size(); ++d) {
    if (at[d].now >= group.dims[d].size) {
      return Moved{};
    }
  }
  for (std::size_t d = 0; d < group.dims.size(); ++d) {
    if (!now.add(group.dims[d], at[d].now) ||
        (compares && !before.add(group.dims[d], last_base(group, c, d, at[d].before)))) {
      return std::nullopt;
    }
  }
  Change<Interval> one{now.interval<Interval>(), {}, true};
  if (compares) {
    one.before = before.interval<Interval>();
    one.changed = !(one.now == one.before);
  }
  return alone(one, compares && rules_.halo == Halo::kReuse);
}

template <class Set>
std::optional<Moved> GroupSummer::window(const Group& group, const Case& c, bool first,
                                         const Place& at) const {
  const bool compares = rules_.retains && !first;
  const bool slides = compares && rules_.halo == Halo::kReuse;
  bool representable = true;
  Ranges ranges;
  TileMaker<Set> maker(*group.rank, rules_.footprint);
  const auto tile_at = [&](const auto& base_of, Set& set) {
    for (std::size_t d = 0; d < group.dims.size(); ++d) {
      const std::int64_t base = base_of(d);
      if (base >= group.dims[d].size) {
        return false;
      }
      ranges[d] = {base, std::min(group.dims[d].extent, group.dims[d].size - base)};
    }
    representable = representable && maker.make(group.dims, ranges, set);
    return true;
  };
  Small<Change<Set>, 16> changes;
  for_each_combination(group.dims, &OwnDim::united, [&](std::span<const std::int64_t> united) {
    Change<Set> one;
    if (!tile_at([&](std::size_t d) { return at[d].now + united[d]; }, one.now)) {
      return;
    }
    if (compares) {
      (void)tile_at([&](std::size_t d) { return last_base(group, c, d, at[d].before + united[d]); },
                    one.before);
      one.changed = !(one.now == one.before);
    }
    if (rules_.unit == MulticastUnit::kWord ||
        std::find(changes.begin(), changes.end(), one) == changes.end()) {
      changes.push_back(std::move(one));
    }
  });
  if (!representable) {
    return std::nullopt;
  }
  if (changes.size() > 1 && rules_.unit == MulticastUnit::kWord) {
    return together<typename UnionOf<Set>::Type>(changes, slides);
  }
  Moved result;
  for (const Change<Set>& one : changes) {
    result += alone(one, slides);
  }
  return result;
}

}  // namespace weft
