// See requests.hpp.
// SPDX-License-Identifier: Apache-2.0
#include "arch/sim/core/requests.hpp"

#include <algorithm>
#include <numeric>

namespace weft::sim {

namespace {

constexpr std::int64_t kPageBits = 4096 * 8;

// Is the dim part of a window that slides: does an input rank hold it together with another dim?
bool in_window(const Problem& problem, int dim) {
  const auto& ranks = problem.tensor(Role::kInputs).ranks;
  return std::any_of(ranks.begin(), ranks.end(), [&](const Rank& rank) {
    return rank.terms.size() > 1 && std::any_of(rank.terms.begin(), rank.terms.end(),
                                                [&](const Term& term) { return term.dim == dim; });
  });
}

// Channels last: positions and windows, then channels: groups and reduction of inputs, reduction, groups
// and filters of weights.
int place_of(const Problem& problem, Role role, const Rank& rank) {
  if (rank.terms.size() != 1 || in_window(problem, rank.terms.front().dim)) {
    return 0;
  }
  switch (class_of(problem, rank.terms.front().dim)) {
    case DimClass::kPositions:
    case DimClass::kOther:
      return 0;
    case DimClass::kReduction:
      return role == Role::kInputs ? 2 : 1;
    case DimClass::kGroups:
      return role == Role::kInputs ? 1 : 2;
    case DimClass::kFilters:
      return 3;
  }
  return 0;
}

}  // namespace

std::vector<std::size_t> rank_order(const Problem& problem, Role role, Layout layout) {
  const TensorShape& tensor = problem.tensor(role);
  std::vector<std::size_t> order(tensor.ranks.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  if (layout == Layout::kChannelsLast) {
    std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
      return place_of(problem, role, tensor.ranks[a]) < place_of(problem, role, tensor.ranks[b]);
    });
  }
  return order;
}

AddressMap::AddressMap(const Problem& problem, const PerRole<int>& word_bits, Layout layout) {
  std::int64_t begin = 0;
  for (const Role role : kAllRoles) {
    const auto r = static_cast<std::size_t>(index_of(role));
    const TensorShape& tensor = problem.tensor(role);
    Place& place = places_[r];
    place.begin = begin;
    place.word_bits = word_bits[r];
    place.order = rank_order(problem, role, layout);
    place.words.assign(place.order.size(), 1);
    for (std::size_t i = place.order.size(); i-- > 1;) {
      place.words[i - 1] = place.words[i] * tensor.ranks[place.order[i]].extent;
    }
    begin += (words(tensor) * place.word_bits + kPageBits - 1) / kPageBits * kPageBits;
  }
}

void AddressMap::requests(Role role, const std::vector<const IndexSet*>& box, std::int64_t most,
                          const Visit& request) const {
  const Place& place = places_[static_cast<std::size_t>(index_of(role))];
  const std::int64_t bits = place.word_bits;
  const std::int64_t most_words = std::max<std::int64_t>(1, most / bits);
  const auto row = [&](const IndexSet& columns, std::int64_t first) {
    for (std::size_t i = 0; i < columns.size();) {
      std::size_t end = i + 1;
      while (end < columns.size() && columns[end] == columns[end - 1] + 1 &&
             static_cast<std::int64_t>(end - i) < most_words) {
        ++end;
      }
      request(place.begin + (first + columns[i]) * bits, static_cast<std::int64_t>(end - i) * bits);
      i = end;
    }
  };
  const std::function<void(std::size_t, std::int64_t)> walk = [&](std::size_t depth, std::int64_t first) {
    const IndexSet& set = *box[place.order[depth]];
    if (depth + 1 == place.order.size()) {
      row(set, first);
      return;
    }
    for (const std::int64_t coordinate : set) {
      walk(depth + 1, first + coordinate * place.words[depth]);
    }
  };
  if (place.order.empty()) {
    request(place.begin, bits);
  } else {
    walk(0, 0);
  }
}

IndexSet fetched(const IndexSet& touched, const Rank& rank, Fetch fetch) {
  if (fetch != Fetch::kBoxes || touched.empty()) {
    return touched;
  }
  std::int64_t stride = 1;
  for (const Term& term : rank.terms) {
    stride = std::max(stride, term.coeff);
  }
  const std::int64_t last = std::min(rank.extent - 1, touched.back() + stride - 1);
  IndexSet result(static_cast<std::size_t>(last - touched.front() + 1));
  std::iota(result.begin(), result.end(), touched.front());
  return result;
}

}  // namespace weft::sim
