// See regions.hpp.
// SPDX-License-Identifier: Apache-2.0
#include "arch/sim/core/regions.hpp"

namespace weft::sim {

std::vector<std::int64_t> strides_of(const TensorShape& shape) {
  std::vector<std::int64_t> strides(shape.ranks.size(), 1);
  for (std::size_t k = shape.ranks.size(); k-- > 1;) {
    strides[k - 1] = strides[k] * shape.ranks[k].extent;
  }
  return strides;
}

Regions::Regions(const std::vector<std::vector<IndexSet>>& sets, const TensorShape& shape)
    : sets_(sets), pairs_(sets.size()), strides_(strides_of(shape)) {
  for (const auto& rank : sets) {
    auto& runs = all_.emplace_back();
    for (const IndexSet& set : rank) {
      runs.push_back(runs_of(set));
    }
  }
}

const Regions::Pair& Regions::pair(std::size_t rank, std::int32_t a, std::int32_t b) {
  const auto [at, is_new] = pairs_[rank].try_emplace({a, b});
  if (is_new) {
    const IndexSet& first = sets_[rank][static_cast<std::size_t>(a)];
    const IndexSet& second = sets_[rank][static_cast<std::size_t>(b)];
    at->second = {runs_of(intersection(first, second)), runs_of(difference(first, second))};
  }
  return at->second;
}

// A without B, rank by rank: in B along the ranks before, outside B along this one, anything after.
std::vector<Regions::Box> Regions::boxes(const Region& tile, const Region* other) {
  const std::size_t ranks = tile.sets.size();
  std::vector<Box> result;
  if (other == nullptr) {
    Box& box = result.emplace_back();
    for (std::size_t k = 0; k < ranks; ++k) {
      box.push_back(&all(k, tile.sets[k]));
    }
    return result;
  }
  Box before;
  for (std::size_t k = 0; k < ranks; ++k) {
    if (tile.sets[k] == other->sets[k]) {
      before.push_back(&all(k, tile.sets[k]));
      continue;
    }
    const Pair& here = pair(k, tile.sets[k], other->sets[k]);
    if (!here.only_first.empty()) {
      Box box = before;
      box.push_back(&here.only_first);
      for (std::size_t after = k + 1; after < ranks; ++after) {
        box.push_back(&all(after, tile.sets[after]));
      }
      result.push_back(std::move(box));
    }
    before.push_back(&here.common);
  }
  return result;
}

}  // namespace weft::sim
