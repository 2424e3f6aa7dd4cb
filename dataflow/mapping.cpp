// The mapping without loops that every construction starts from, and what loops cover.
// SPDX-License-Identifier: Apache-2.0
#include "dataflow/mapping.hpp"

namespace weft {

Mapping empty_mapping(const Accelerator& accelerator) {
  Mapping mapping;
  for (const StorageLevel& level : accelerator.levels) {
    LevelMapping& entry = mapping.levels.emplace_back();
    for (const Role role : kAllRoles) {
      entry.keep[static_cast<std::size_t>(index_of(role))] = level.memory_for(role) != nullptr;
    }
  }
  return mapping;
}

std::int64_t covered(const Mapping& mapping, int dim) {
  std::int64_t product = 1;
  for (const LevelMapping& level : mapping.levels) {
    for (const Loop& loop : level.temporal) {
      product *= loop.dim == dim ? loop.bound : 1;
    }
    for (const SpatialLoop& loop : level.spatial) {
      product *= loop.dim == dim ? loop.bound : 1;
    }
  }
  return product;
}

}  // namespace weft
