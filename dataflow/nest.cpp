// SPDX-License-Identifier: Apache-2.0
#include "dataflow/nest.hpp"

#include <array>

#include "base/checked.hpp"

namespace weft {

Nest::Nest(const Mapping& mapping, const Problem& problem) {
  for (const Dim& dim : problem.dims) {
    sizes_.push_back(dim.size);
  }
  for (std::size_t level = 0; level < mapping.levels.size(); ++level) {
    begin_.push_back(static_cast<int>(loops_.size()));
    const LevelMapping& loops = mapping.levels[level];
    for (const Loop& loop : loops.temporal) {
      if (loop.bound > 1) {
        loops_.push_back({loop.dim, loop.bound, 1, static_cast<int>(level), false});
      }
    }
    for (const SpatialLoop& loop : loops.spatial) {
      if (loop.bound > 1) {
        loops_.push_back({loop.dim, loop.bound, 1, static_cast<int>(level), true});
      }
    }
  }
  begin_.push_back(static_cast<int>(loops_.size()));

  std::vector<std::int64_t> stride(problem.dims.size(), 1);
  for (auto loop = loops_.rbegin(); loop != loops_.rend(); ++loop) {
    std::int64_t& inner = stride[static_cast<std::size_t>(loop->dim)];
    loop->stride = inner;
    inner = checked_mul(inner, loop->bound);
  }
}

std::int64_t Nest::extent(int dim, int outer) const {
  std::int64_t result = 1;
  for (std::size_t i = static_cast<std::size_t>(outer); i < loops_.size(); ++i) {
    if (loops_[i].dim == dim) {
      result *= loops_[i].bound;
    }
  }
  return result;
}

std::int64_t Nest::instances_used(int level) const {
  std::array<std::int64_t, kMaxDims> covered;
  covered.fill(1);
  for (const NestLoop& loop : loops_) {
    covered[static_cast<std::size_t>(loop.dim)] *= loop.bound;
  }
  const auto divides = [&](int dim) { return covered[static_cast<std::size_t>(dim)] == size(dim); };
  std::int64_t result = 1;
  for (int i = 0; i < outside(level); ++i) {
    const NestLoop& loop = loops_[static_cast<std::size_t>(i)];
    result *= loop.spatial && divides(loop.dim) ? loop.bound : 1;
  }
  for (int dim = 0; dim < rank(); ++dim) {
    if (divides(dim)) {
      continue;
    }
    // Offsets of all instances along this dim; those past its end never work.
    std::vector<std::int64_t> offsets = {0};
    for (int i = 0; i < outside(level); ++i) {
      const NestLoop& loop = loops_[static_cast<std::size_t>(i)];
      if (!loop.spatial || loop.dim != dim) {
        continue;
      }
      std::vector<std::int64_t> next;
      for (const std::int64_t offset : offsets) {
        for (std::int64_t digit = 0; digit < loop.bound; ++digit) {
          if (offset + digit * loop.stride < size(dim)) {
            next.push_back(offset + digit * loop.stride);
          }
        }
      }
      offsets = std::move(next);
    }
    result = checked_mul(result, static_cast<std::int64_t>(offsets.size()));
  }
  return result;
}

std::vector<int> keeper_chain(const Mapping& mapping, Role role) {
  std::vector<int> chain;
  for (std::size_t level = 0; level < mapping.levels.size(); ++level) {
    if (mapping.levels[level].keep[static_cast<std::size_t>(index_of(role))]) {
      chain.push_back(static_cast<int>(level));
    }
  }
  chain.push_back(static_cast<int>(mapping.levels.size()));
  return chain;
}

}  // namespace weft
