// See regions.hpp.
// SPDX-License-Identifier: Apache-2.0
#include "arch/sim/core/regions.hpp"

#include <utility>

namespace weft::sim {

std::vector<std::int64_t> strides_of(const TensorShape& shape) {
  std::vector<std::int64_t> strides(shape.ranks.size(), 1);
  for (std::size_t k = shape.ranks.size(); k-- > 1;) {
    strides[k - 1] = strides[k] * shape.ranks[k].extent;
  }
  return strides;
}

Regions::Regions(const std::vector<std::vector<IndexSet>>& sets, const TensorShape& shape)
    : strides_(strides_of(shape)) {
  for (const auto& rank : sets) {
    RankSets& own = ranks_.emplace_back();
    own.sets = rank;
    for (const IndexSet& set : rank) {
      own.runs.push_back(runs_of(set));
    }
  }
}

Regions::Split Regions::split(std::size_t rank, std::int32_t a, std::int32_t b) {
  RankSets& own = ranks_[rank];
  const auto [at, is_new] = own.splits.try_emplace({a, b});
  if (!is_new) {
    return at->second;
  }
  const auto number = [&](IndexSet part) {
    if (part.empty()) {
      return kEmpty;
    }
    if (part.size() == own.sets[static_cast<std::size_t>(a)].size()) {
      return a;
    }
    own.runs.push_back(runs_of(part));
    own.sets.push_back(std::move(part));
    return static_cast<std::int32_t>(own.sets.size()) - 1;
  };
  IndexSet common =
      intersection(own.sets[static_cast<std::size_t>(a)], own.sets[static_cast<std::size_t>(b)]);
  IndexSet rest = difference(own.sets[static_cast<std::size_t>(a)], own.sets[static_cast<std::size_t>(b)]);
  at->second.common = number(std::move(common));
  at->second.only_first = number(std::move(rest));
  return at->second;
}

// A without B, rank by rank: in B along the ranks before, outside B along this one, anything after.
void Regions::cut(const Box& box, const Region& other, std::vector<Box>& result) {
  Box left = box;
  for (std::size_t k = 0; k < box.size(); ++k) {
    if (box[k] == other.sets[k]) {
      continue;
    }
    const Split here = split(k, box[k], other.sets[k]);
    if (here.only_first != kEmpty) {
      result.push_back(left);
      result.back()[k] = here.only_first;
    }
    if (here.common == kEmpty) {
      return;
    }
    left[k] = here.common;
  }
}

std::vector<Regions::Box> Regions::boxes(const Region& tile, const Others& others) {
  std::vector<Box> result{tile.sets};
  for (const Region* other : others) {
    std::vector<Box> left;
    for (const Box& box : result) {
      cut(box, *other, left);
    }
    result = std::move(left);
  }
  return result;
}

bool Regions::meet_outside(const Region& a, const Region& b, const Region& between) {
  Box common;
  for (std::size_t k = 0; k < a.sets.size(); ++k) {
    common.push_back(split(k, a.sets[k], b.sets[k]).common);
    if (common.back() == kEmpty) {
      return false;
    }
  }
  std::vector<Box> outside;
  cut(common, between, outside);
  return !outside.empty();
}

}  // namespace weft::sim
