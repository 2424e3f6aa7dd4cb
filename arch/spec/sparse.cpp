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
  const auto states = [](const Memory& memory) {
    return memory.formats != PerRole<TensorFormat>{} || memory.sieve.any();
  };
  return accelerator.compute.zeros != ZeroHandling{} ||
         std::any_of(accelerator.levels.begin(), accelerator.levels.end(), [&](const StorageLevel& level) {
           return std::any_of(level.memories.begin(), level.memories.end(), states);
         });
}

bool states_sieves(const Accelerator& accelerator) {
  return std::any_of(accelerator.levels.begin(), accelerator.levels.end(), [](const StorageLevel& level) {
    return std::any_of(level.memories.begin(), level.memories.end(),
                       [](const Memory& memory) { return memory.sieve.any(); });
  });
}

Role leader_of(Role follower) {
  return follower == Role::kWeights ? Role::kInputs : Role::kWeights;
}

bool sieves(const Accelerator& accelerator, int level, Role follower) {
  const Memory* memory = accelerator.levels[static_cast<std::size_t>(level)].memory_for(follower);
  return follower != Role::kOutputs && memory != nullptr &&
         (memory->sieve.gate[at(leader_of(follower))] || memory->sieve.skip[at(leader_of(follower))]);
}

bool sieve_skips(const Accelerator& accelerator, int level, Role follower) {
  return sieves(accelerator, level, follower) && accelerator.levels[static_cast<std::size_t>(level)]
                                                     .memory_for(follower)
                                                     ->sieve.skip[at(leader_of(follower))];
}

}  // namespace weft
