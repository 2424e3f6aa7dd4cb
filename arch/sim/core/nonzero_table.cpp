// See nonzero_table.hpp.
// SPDX-License-Identifier: Apache-2.0
#include "arch/sim/core/nonzero_table.hpp"

#include <algorithm>

namespace weft::sim {

struct NonzeroCounter::Walk {
  std::vector<std::int64_t> coordinates;  // per rank
  const std::vector<int>* dims;
  const std::vector<const UnitClasses::Class*>* own;
  CountOptions options;
  std::int64_t sum = 0;
  std::int64_t zeros = 0;  // since the last non-zero
};

NonzeroCounter::NonzeroCounter(const TensorShape& tensor, const Bitmap& positions, int dims)
    : tensor_(&tensor), positions_(&positions), places_(static_cast<std::size_t>(dims)) {
  strides_.assign(tensor.ranks.size(), 1);
  for (std::size_t k = tensor.ranks.size(); k-- > 1;) {
    strides_[k - 1] = strides_[k] * tensor.ranks[k].extent;
  }
  for (std::size_t k = 0; k < tensor.ranks.size(); ++k) {
    for (const Term& term : tensor.ranks[k].terms) {
      places_[static_cast<std::size_t>(term.dim)] = {static_cast<int>(k), term.coeff};
    }
  }
}

std::int64_t NonzeroCounter::count(const std::vector<std::int64_t>& fixed, const std::vector<int>& own_dims,
                                   const std::vector<const UnitClasses::Class*>& own,
                                   const CountOptions& options) const {
  if (options.everything) {
    std::int64_t all = 1;
    for (const UnitClasses::Class* one : own) {
      all *= static_cast<std::int64_t>(one->indices.size());
    }
    return all;
  }
  Walk state{{}, &own_dims, &own, options};
  for (const Rank& rank : tensor_->ranks) {
    state.coordinates.push_back(rank.offset);
  }
  for (std::size_t d = 0; d < fixed.size(); ++d) {
    if (fixed[d] >= 0 && places_[d].rank >= 0) {
      state.coordinates[static_cast<std::size_t>(places_[d].rank)] += places_[d].coeff * fixed[d];
    }
  }
  walk(state, 0);
  return state.sum;
}

// Of the word, without its coordinate along rank `except`; -1: padding.
std::int64_t NonzeroCounter::address(const std::vector<std::int64_t>& coordinates, int except) const {
  std::int64_t result = 0;
  for (std::size_t k = 0; k < coordinates.size(); ++k) {
    if (static_cast<int>(k) == except) {
      continue;
    }
    if (coordinates[k] < 0 || coordinates[k] >= tensor_->ranks[k].extent) {
      return -1;
    }
    result += strides_[k] * coordinates[k];
  }
  return result;
}

void NonzeroCounter::walk(Walk& state, std::size_t depth) const {
  if (state.own->empty()) {
    const std::int64_t at = address(state.coordinates, -1);
    const bool counts = at < 0 ? state.options.outside : positions_->test(at);
    state.sum += counts ? 1 : 0;
    return;
  }
  const Place& place = places_[static_cast<std::size_t>((*state.dims)[depth])];
  const UnitClasses::Class& here = *(*state.own)[depth];
  if (depth + 1 == state.own->size()) {
    row(state, here, place);
    return;
  }
  for (const std::int64_t index : here.indices) {
    if (place.rank >= 0) {
      state.coordinates[static_cast<std::size_t>(place.rank)] += place.coeff * index;
    }
    walk(state, depth + 1);
    if (place.rank >= 0) {
      state.coordinates[static_cast<std::size_t>(place.rank)] -= place.coeff * index;
    }
  }
}

// The innermost dim: words in a row are counted together.
void NonzeroCounter::row(Walk& state, const UnitClasses::Class& last, const Place& place) const {
  const auto rank = static_cast<std::size_t>(place.rank);
  const std::int64_t base = address(state.coordinates, place.rank);
  const std::int64_t first = state.coordinates[rank];
  const std::int64_t extent = tensor_->ranks[rank].extent;
  const std::vector<std::int64_t>& indices = last.indices;
  const bool run = indices.back() - indices.front() + 1 == static_cast<std::int64_t>(indices.size());
  const auto all = static_cast<std::int64_t>(indices.size());
  if (base < 0) {
    state.sum += state.options.outside ? all : 0;
    state.zeros += all;
    return;
  }
  if (state.options.window == 0 && run && place.coeff * strides_[rank] == 1) {
    const std::int64_t from = std::max<std::int64_t>(0, first + indices.front());
    const std::int64_t to = std::min(extent, first + indices.back() + 1);
    const std::int64_t inside = std::max<std::int64_t>(0, to - from);
    state.sum += inside > 0 ? positions_->count(base + from, base + to) : 0;
    state.sum += state.options.outside ? all - inside : 0;
    return;
  }
  for (const std::int64_t index : indices) {
    const std::int64_t at = first + place.coeff * index;
    const bool inside = at >= 0 && at < extent;
    if (inside ? positions_->test(base + at * strides_[rank]) : state.options.outside) {
      state.sum += 1 + (state.options.window > 0 ? state.zeros / state.options.window : 0);
      state.zeros = 0;
    } else {
      ++state.zeros;
    }
  }
}

}  // namespace weft::sim
