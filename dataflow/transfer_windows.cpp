// Ranks of several dims (sliding windows): tiles of different instances and steps may overlap.
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>

#include "dataflow/transfers.hpp"

namespace weft {

// One instance's set now and the one it held.
struct Transfers::Instance {
  CoordSet now, before;
  friend bool operator==(const Instance&, const Instance&) = default;
};

namespace {

// Calls `visit` with every combination of one offset per dim.
template <class Offsets, class Visit>
void for_each_combination(std::size_t dims, const Offsets& offsets, const Visit& visit) {
  std::array<std::size_t, kMaxDims> index{};
  std::array<std::int64_t, kMaxDims> value{};
  while (true) {
    for (std::size_t d = 0; d < dims; ++d) {
      value[d] = offsets(d)[index[d]];
    }
    visit(std::span<const std::int64_t>(value.data(), dims));
    std::size_t d = dims;
    while (d > 0 && ++index[d - 1] == offsets(d - 1).size()) {
      index[--d] = 0;
    }
    if (d == 0) {
      return;
    }
  }
}

}  // namespace

Moved Transfers::window_entry(const Group& group, const Case& c, bool first,
                              std::span<const std::int64_t> digits) const {
  const std::size_t dims = group.dims.size();
  std::array<std::int64_t, kMaxDims> now{};
  std::array<std::int64_t, kMaxDims> before{};
  bases(group, c, digits, {now.data(), dims}, {before.data(), dims});

  std::vector<DimRange> ranges(dims);
  const auto instance = [&](std::span<const std::int64_t> summed, std::span<const std::int64_t> united)
      -> std::optional<Instance> {
    for (std::size_t d = 0; d < dims; ++d) {
      const std::int64_t base = now[d] + summed[d] + united[d];
      if (base >= group.dims[d].size) {
        return std::nullopt;
      }
      ranges[d] = {base, std::min(group.dims[d].extent, group.dims[d].size - base)};
    }
    Instance result;
    result.now = touched(*group.rank, ranges, question_.footprint);
    if (retains_ && !first) {
      for (std::size_t d = 0; d < dims; ++d) {
        const std::int64_t base = last_base(group, c, static_cast<int>(d), before[d] + summed[d] + united[d]);
        ranges[d] = {base, std::min(group.dims[d].extent, group.dims[d].size - base)};
      }
      result.before = touched(*group.rank, ranges, question_.footprint);
    }
    return result;
  };
  const bool compare = retains_ && !first;
  const auto alone = [&](const Instance& one) {
    Moved moved;
    if (compare && one.now == one.before) {
      moved.same = one.now.size();
    } else {
      const bool slides = compare && question_.halo == Halo::kReuse;
      moved.fresh = slides ? subtract(one.now, one.before).size() : one.now.size();
      moved.held = one.now.size() - moved.fresh;
    }
    return moved;
  };
  // Words united over instances: a word counts by the most that happens to it in any of them.
  const auto together = [&](const std::vector<Instance>& instances) {
    std::vector<CoordSet> same, changed, fresh;
    for (const Instance& one : instances) {
      if (compare && one.now == one.before) {
        same.push_back(one.now);
        continue;
      }
      changed.push_back(one.now);
      fresh.push_back(compare && question_.halo == Halo::kReuse ? subtract(one.now, one.before) : one.now);
    }
    const CoordSet all_changed = unite(changed);
    Moved moved;
    moved.fresh = unite(fresh).size();
    moved.held = all_changed.size() - moved.fresh;
    moved.same = subtract(unite(same), all_changed).size();
    return moved;
  };

  Moved result;
  std::vector<Instance> instances;
  for_each_combination(dims, [&](std::size_t d) -> const auto& { return group.dims[d].summed; },
                       [&](std::span<const std::int64_t> summed) {
    instances.clear();
    for_each_combination(dims, [&](std::size_t d) -> const auto& { return group.dims[d].united; },
                         [&](std::span<const std::int64_t> united) {
      std::optional<Instance> one = instance(summed, united);
      if (one && (question_.unit == MulticastUnit::kWord ||
                  std::find(instances.begin(), instances.end(), *one) == instances.end())) {
        instances.push_back(std::move(*one));
      }
    });
    if (instances.size() > 1 && question_.unit == MulticastUnit::kWord) {
      result += together(instances);
    } else {
      for (const Instance& one : instances) {
        result += alone(one);
      }
    }
  });
  return result;
}

}  // namespace weft
