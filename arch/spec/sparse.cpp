// Names of sparse.hpp, and who states it.
// SPDX-License-Identifier: Apache-2.0
#include "arch/spec/sparse.hpp"

#include <algorithm>

#include "arch/spec/accelerator.hpp"

namespace weft {

std::string_view name_of(FormatKind kind) {
  switch (kind) {
    case FormatKind::kUncompressed:
      return "uncompressed";
    case FormatKind::kBitmask:
      return "bitmask";
    case FormatKind::kRunLength:
      return "run-length";
    case FormatKind::kCoordinate:
      return "coordinate";
    case FormatKind::kOffsets:
      return "offsets";
    case FormatKind::kRelative:
      return "relative";
  }
  return "";
}

bool states_sparsity(const Accelerator& accelerator) {
  const auto compresses = [](const Memory& memory) { return memory.formats != PerRole<TensorFormat>{}; };
  return accelerator.compute.zeros != ZeroHandling{} ||
         std::any_of(accelerator.levels.begin(), accelerator.levels.end(), [&](const StorageLevel& level) {
           return std::any_of(level.memories.begin(), level.memories.end(), compresses);
         });
}

}  // namespace weft
