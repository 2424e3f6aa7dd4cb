// Derives the answers of MapSpace from problem and accelerator.
// SPDX-License-Identifier: Apache-2.0
#include "mapper/map_space.hpp"

#include <algorithm>
#include <numeric>

#include "dataflow/legality.hpp"

namespace weft {

namespace {

bool may_spread(const Problem& problem, int dim, const std::vector<std::string>& allowed) {
  if (allowed.empty()) {
    return true;
  }
  const std::string& name = problem.dims[static_cast<std::size_t>(dim)].name;
  const std::string_view kind = name_of(class_of(problem, dim));
  return std::any_of(allowed.begin(), allowed.end(),
                     [&](const std::string& word) { return word == name || word == kind; });
}

MapSpace::Level describe(const Problem& problem, const StorageLevel& storage) {
  MapSpace::Level result;
  result.fan_out = {storage.fanout.x, storage.fanout.y};
  for (std::size_t axis = 0; axis < 2; ++axis) {
    for (int dim = 0; dim < problem.rank(); ++dim) {
      if (problem.size(dim) > 1 && may_spread(problem, dim, storage.fanout.allowed_dims[axis])) {
        result.spatial_dims[axis].push_back(dim);
      }
    }
  }
  for (const Role role : kAllRoles) {
    const auto r = static_cast<std::size_t>(index_of(role));
    result.memory[r] = storage.memory_index(role);
    result.can_keep[r] = result.memory[r] >= 0;
    result.must_keep[r] = result.can_keep[r] && !storage.may_bypass[r];
    if (const Memory* memory = storage.memory_for(role)) {
      result.word_bits[r] = stored_bits(*memory, problem, role);
    }
  }
  for (const Memory& memory : storage.memories) {
    result.capacity.push_back(usable_bits(memory));
  }
  return result;
}

std::int64_t rank_words(const Rank& rank, const DimArray& extents) {
  const auto extent = [&](std::size_t term) {
    return extents[static_cast<std::size_t>(rank.terms[term].dim)];
  };
  std::int64_t words = 1;
  if (rank.terms.size() == 1) {
    words = extent(0);
  } else if (rank.terms.size() == 2) {
    words = union_of_two(rank.terms[0].coeff, extent(0), rank.terms[1].coeff, extent(1));
  } else {
    std::int64_t hull = 1;
    for (std::size_t term = 0; term < rank.terms.size(); ++term) {
      hull += rank.terms[term].coeff * (extent(term) - 1);
      words *= extent(term);
    }
    words = std::min(words, hull);
  }
  return std::min(words, rank.extent);
}

}  // namespace

std::int64_t union_of_two(std::int64_t a, std::int64_t n, std::int64_t b, std::int64_t m) {
  const std::int64_t common = std::gcd(a, b);
  const std::int64_t step_n = b / common;
  const std::int64_t step_m = a / common;
  return n * m - std::max<std::int64_t>(0, n - step_n) * std::max<std::int64_t>(0, m - step_m);
}

MapSpace::MapSpace(const Problem& problem, const Accelerator& accelerator)
    : problem_(&problem), accelerator_(&accelerator) {
  for (const StorageLevel& storage : accelerator.levels) {
    levels_.push_back(describe(problem, storage));
  }
  levels_.front().must_keep = levels_.front().can_keep;
}

std::int64_t MapSpace::tile_words(Role role, const DimArray& extents) const {
  std::int64_t words = 1;
  for (const Rank& rank : problem_->tensor(role).ranks) {
    words *= rank_words(rank, extents);
  }
  return words;
}

bool MapSpace::fits(int index, const PerRole<bool>& keep, const DimArray& extents) const {
  const Level& here = level(index);
  for (std::size_t memory = 0; memory < here.capacity.size(); ++memory) {
    std::int64_t room = here.capacity[memory];
    for (const Role role : kAllRoles) {
      const auto r = static_cast<std::size_t>(index_of(role));
      if (!keep[r] || here.memory[r] != static_cast<int>(memory)) {
        continue;
      }
      const std::int64_t bits = here.word_bits[r];
      const std::int64_t words = tile_words(role, extents);
      if (words > room / bits) {
        return false;
      }
      room -= words * bits;
    }
  }
  return true;
}

}  // namespace weft
