// The mapping without loops that every construction starts from.
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

}  // namespace weft
