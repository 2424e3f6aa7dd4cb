// Derives the answers of MapSpace from problem and accelerator.
// SPDX-License-Identifier: Apache-2.0
#include "mapper/map_space.hpp"

#include "dataflow/legality.hpp"
#include "dataflow/tile_extents.hpp"

namespace weft {

namespace {

MapSpace::Level describe(const Problem& problem, const Accelerator& accelerator, int level) {
  const StorageLevel& storage = accelerator.levels[static_cast<std::size_t>(level)];
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
    if (result.can_keep[r]) {
      result.word_bits[r] = capacity_bits(accelerator, problem, level, role);
    }
  }
  for (const Memory& memory : storage.memories) {
    result.capacity.push_back(usable_bits(memory));
  }
  return result;
}

// What contradicts the hardware is left to violates() and check().
void narrow(MapSpace::Level& level, const LevelRules& rules) {
  for (std::size_t axis = 0; axis < 2; ++axis) {
    std::erase_if(level.spatial_dims[axis],
                  [&](int dim) { return rules.spatial[axis][static_cast<std::size_t>(dim)].high <= 1; });
  }
  for (std::size_t r = 0; r < static_cast<std::size_t>(kRoles); ++r) {
    level.can_keep[r] = level.can_keep[r] && (level.must_keep[r] || rules.keep[r] != false);
    level.must_keep[r] = level.must_keep[r] || (level.can_keep[r] && rules.keep[r] == true);
  }
}

}  // namespace

MapSpace::MapSpace(const Problem& problem, const Accelerator& accelerator, const Constraints* constraints)
    : problem_(&problem), accelerator_(&accelerator), constraints_(constraints) {
  for (int level = 0; level < accelerator.depth(); ++level) {
    levels_.push_back(describe(problem, accelerator, level));
  }
  levels_.front().must_keep = levels_.front().can_keep;
  for (std::size_t l = 0; constraints != nullptr && l < levels_.size(); ++l) {
    narrow(levels_[l], constraints->levels[l]);
  }
}

std::int64_t MapSpace::tile_words(Role role, const DimArray& extents) const {
  return words_inside(problem_->tensor(role), extents);
}

bool MapSpace::fits(int index, const PerRole<bool>& keep, const DimArray& extents) const {
  const Level& here = level(index);
  for (std::size_t memory = 0; memory < here.capacity.size(); ++memory) {
    double needed = 0;
    for (const Role role : kAllRoles) {
      const auto r = static_cast<std::size_t>(index_of(role));
      if (keep[r] && here.memory[r] == static_cast<int>(memory)) {
        needed += static_cast<double>(tile_words(role, extents)) * here.word_bits[r];
      }
    }
    if (needed > static_cast<double>(here.capacity[memory])) {
      return false;
    }
  }
  return true;
}

}  // namespace weft
