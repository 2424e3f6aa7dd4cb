// SPDX-License-Identifier: Apache-2.0
#include "mapper/exact/kinds.hpp"

#include <algorithm>

namespace weft::exact {

namespace {

using Keep = std::vector<PerRole<bool>>;

std::vector<Keep> keeps(const MapSpace& space) {
  std::vector<Keep> result = {{}};
  for (int level = 0; level < space.depth(); ++level) {
    const MapSpace::Level& here = space.level(level);
    std::vector<Keep> next;
    for (const Keep& keep : result) {
      for (unsigned choice = 0; choice < 1U << static_cast<unsigned>(kRoles); ++choice) {
        PerRole<bool> kept{};
        bool possible = true;
        for (std::size_t r = 0; r < kRoles; ++r) {
          kept[r] = ((choice >> r) & 1U) != 0;
          possible = possible && (kept[r] ? here.can_keep[r] : !here.must_keep[r]);
        }
        if (possible) {
          next.push_back(keep);
          next.back().push_back(kept);
        }
      }
    }
    result = std::move(next);
  }
  return result;
}

bool covers(const PerRole<bool>& wide, const PerRole<bool>& narrow) {
  for (std::size_t r = 0; r < kRoles; ++r) {
    if (narrow[r] && !wide[r]) {
      return false;
    }
  }
  return true;
}

bool same(const Stationary& a, const Stationary& b) {
  return a.inner == b.inner && a.all == b.all;
}

void add(std::vector<Stationary>& list, const Stationary& one) {
  if (std::none_of(list.begin(), list.end(), [&](const Stationary& known) { return same(known, one); })) {
    list.push_back(one);
  }
}

// `kept`: tensors that some level further in keeps; what the order does for others costs nothing.
std::vector<Stationary> choices(const Problem& problem, const PerRole<bool>& kept) {
  std::vector<Stationary> result;
  for (int dim = 0; dim < problem.rank(); ++dim) {
    if (problem.size(dim) == 1) {
      continue;
    }
    PerRole<bool> still{};
    for (const Role role : kAllRoles) {
      const auto r = static_cast<std::size_t>(index_of(role));
      still[r] = kept[r] && !relevant(problem.tensor(role), dim);
    }
    for (unsigned choice = 0; choice < 1U << static_cast<unsigned>(kRoles); ++choice) {
      PerRole<bool> all{};
      for (std::size_t r = 0; r < kRoles; ++r) {
        all[r] = ((choice >> r) & 1U) != 0;
      }
      if (covers(still, all)) {
        add(result, {still, all});
      }
    }
  }
  add(result, {kept, kept});
  // An order that is good for less is no better.
  std::vector<Stationary> best;
  for (const Stationary& one : result) {
    const bool beaten = std::any_of(result.begin(), result.end(), [&](const Stationary& other) {
      return !same(one, other) && one.all == other.all && covers(other.inner, one.inner);
    });
    if (!beaten) {
      best.push_back(one);
    }
  }
  return best;
}

}  // namespace

std::vector<Family> families(const MapSpace& space) {
  std::vector<Family> result;
  for (const Keep& keep : keeps(space)) {
    Family family{keep, {{}}};
    for (int level = 0; level + 1 < space.depth(); ++level) {
      std::vector<Kind> next;
      for (const Kind& kind : family.kinds) {
        for (const Stationary& choice : choices(space.problem(), kept_below(family, level))) {
          next.push_back(kind);
          next.back().push_back(choice);
        }
      }
      family.kinds = std::move(next);
    }
    result.push_back(std::move(family));
  }
  return result;
}

PerRole<bool> kept_below(const Family& family, int level) {
  PerRole<bool> kept{};
  for (auto below = static_cast<std::size_t>(level) + 1; below < family.keep.size(); ++below) {
    for (std::size_t r = 0; r < kRoles; ++r) {
      kept[r] = kept[r] || family.keep[below][r];
    }
  }
  return kept;
}

Mentioned unmentioned(const Kind& kind) {
  Mentioned result = 0;
  for (std::size_t level = 0; level < kind.size(); ++level) {
    for (std::size_t r = 0; r < kRoles; ++r) {
      result |= kind[level].all[r] ? mention(level, r) : 0;
    }
  }
  return result;
}

int free_from(const Kind& kind, Role role, int child) {
  const auto r = static_cast<std::size_t>(index_of(role));
  int level = child;
  while (level > 0 && static_cast<std::size_t>(level - 1) < kind.size()) {
    const Stationary& here = kind[static_cast<std::size_t>(level - 1)];
    if (!here.inner[r] && !here.all[r]) {
      break;
    }
    --level;
    if (!here.all[r]) {
      break;
    }
  }
  return level;
}

}  // namespace weft::exact
