// Enumerates digits and coordinates: the slow, obvious reading of docs/design.md 4.1 and 4.2.
// SPDX-License-Identifier: Apache-2.0
#include "dataflow/walker_nest.hpp"

#include <algorithm>

namespace weft::walker {
namespace {

struct NestedLoop {
  FlatLoop loop;
  bool spatial = false;
};

// All loops, outermost first: temporal loops of level 0, its spatial loops, temporal loops of level 1 ...
std::vector<NestedLoop> flatten(const Mapping& mapping) {
  std::vector<NestedLoop> nest;
  for (std::size_t l = 0; l < mapping.levels.size(); ++l) {
    for (const Loop& loop : mapping.levels[l].temporal) {
      nest.push_back({{static_cast<int>(l), loop.dim, loop.bound, 1}, false});
    }
    for (const SpatialLoop& loop : mapping.levels[l].spatial) {
      nest.push_back({{static_cast<int>(l), loop.dim, loop.bound, 1}, true});
    }
  }
  for (std::size_t outer = 0; outer < nest.size(); ++outer) {
    for (std::size_t inner = outer + 1; inner < nest.size(); ++inner) {
      if (nest[inner].loop.dim == nest[outer].loop.dim) {
        nest[outer].loop.stride *= nest[inner].loop.bound;
      }
    }
  }
  return nest;
}

void for_each_combination(const std::vector<FlatLoop>& loops,
                          const std::function<void(const Digits&)>& visit) {
  Digits digits(loops.size(), 0);
  while (true) {
    visit(digits);
    std::size_t at = loops.size();
    while (at > 0 && ++digits[at - 1] == loops[at - 1].bound) {
      digits[--at] = 0;
    }
    if (at == 0) {
      return;
    }
  }
}

}  // namespace

Boundary::Boundary(const Mapping& mapping, const Problem& problem, int level)
    : inside_(problem.dims.size(), {0}) {
  for (const Dim& dim : problem.dims) {
    sizes_.push_back(dim.size);
  }
  for (const NestedLoop& nested : flatten(mapping)) {
    const FlatLoop& loop = nested.loop;
    if (loop.level < level) {
      (nested.spatial ? spatial_ : temporal_).push_back(loop);
      continue;
    }
    std::vector<std::int64_t>& offsets = inside_[static_cast<std::size_t>(loop.dim)];
    std::vector<std::int64_t> further;
    for (const std::int64_t offset : offsets) {
      for (std::int64_t digit = 0; digit < loop.bound; ++digit) {
        further.push_back(offset + digit * loop.stride);
      }
    }
    offsets = std::move(further);
  }
}

void Boundary::for_each_temporal(const std::function<void(const Digits&)>& visit) const {
  for_each_combination(temporal_, visit);
}
void Boundary::for_each_spatial(const std::function<void(const Digits&)>& visit) const {
  for_each_combination(spatial_, visit);
}

std::vector<std::int64_t> Boundary::index(const Digits& temporal, const Digits& spatial) const {
  std::vector<std::int64_t> result(sizes_.size(), 0);
  for (std::size_t i = 0; i < temporal.size(); ++i) {
    result[static_cast<std::size_t>(temporal_[i].dim)] += temporal[i] * temporal_[i].stride;
  }
  for (std::size_t i = 0; i < spatial.size(); ++i) {
    result[static_cast<std::size_t>(spatial_[i].dim)] += spatial[i] * spatial_[i].stride;
  }
  return result;
}

bool Boundary::happens(const std::vector<std::int64_t>& index) const {
  for (std::size_t d = 0; d < sizes_.size(); ++d) {
    if (index[d] >= sizes_[d]) {
      return false;
    }
  }
  return true;
}

std::vector<std::int64_t> Boundary::reached(int dim, std::int64_t base) const {
  const auto d = static_cast<std::size_t>(dim);
  std::vector<std::int64_t> result;
  for (const std::int64_t offset : inside_[d]) {
    if (base + offset < sizes_[d]) {
      result.push_back(base + offset);
    }
  }
  return result;
}

Coordinates RankSets::build(const Rank& rank, const std::vector<std::int64_t>& base) const {
  Coordinates touched = {rank.offset};
  for (const Term& term : rank.terms) {
    Coordinates further;
    for (const std::int64_t at : touched) {
      for (const std::int64_t index : boundary_.reached(term.dim, base[static_cast<std::size_t>(term.dim)])) {
        further.push_back(at + term.coeff * index);
      }
    }
    touched = std::move(further);
  }
  Coordinates stored;
  std::copy_if(touched.begin(), touched.end(), std::back_inserter(stored),
               [&rank](std::int64_t at) { return at >= 0 && at < rank.extent; });
  std::sort(stored.begin(), stored.end());
  stored.erase(std::unique(stored.begin(), stored.end()), stored.end());
  if (footprint_ == Footprint::kBoundingBox && !stored.empty()) {
    Coordinates hull;
    for (std::int64_t at = stored.front(); at <= stored.back(); ++at) {
      hull.push_back(at);
    }
    return hull;
  }
  return stored;
}

std::vector<const Coordinates*> RankSets::tile(const std::vector<std::int64_t>& base) {
  std::vector<const Coordinates*> sets;
  for (std::size_t r = 0; r < tensor_.ranks.size(); ++r) {
    std::vector<std::int64_t> start;
    for (const Term& term : tensor_.ranks[r].terms) {
      start.push_back(base[static_cast<std::size_t>(term.dim)]);
    }
    auto known = known_[r].find(start);
    if (known == known_[r].end()) {
      known = known_[r].emplace(start, build(tensor_.ranks[r], base)).first;
    }
    sets.push_back(&known->second);
  }
  return sets;
}

Words RankSets::words(const std::vector<const Coordinates*>& sets) const {
  Words result = {0};
  for (std::size_t r = 0; r < sets.size(); ++r) {
    Words further;
    for (const std::int64_t word : result) {
      for (const std::int64_t at : *sets[r]) {
        further.push_back(word * tensor_.ranks[r].extent + at);
      }
    }
    result = std::move(further);
  }
  return result;
}

}  // namespace weft::walker
