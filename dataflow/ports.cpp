// SPDX-License-Identifier: Apache-2.0
#include "dataflow/ports.hpp"

#include <algorithm>

namespace weft {

PortTimes::PortTimes(const Accelerator& accelerator, const Problem& problem)
    : accelerator_(&accelerator), problem_(&problem) {
  for (const StorageLevel& level : accelerator.levels) {
    times_.emplace_back(level.memories.size(), std::array<double, kSides>{});
  }
}

double PortTimes::cycles(int level, Role role, Side side, std::int64_t words) const {
  const Memory& memory = *accelerator_->levels[static_cast<std::size_t>(level)].memory_for(role);
  const std::optional<BitsPerCycle>& bandwidth = side == Side::kRead    ? memory.read_bandwidth
                                                 : side == Side::kWrite ? memory.write_bandwidth
                                                                        : memory.shared_bandwidth;
  return bandwidth ? static_cast<double>(words) * stored_bits(memory, *problem_, role) / bandwidth->count()
                   : 0.0;
}

double PortTimes::add(int level, Role role, Side side, std::int64_t words) {
  const int memory = accelerator_->levels[static_cast<std::size_t>(level)].memory_index(role);
  const double own = cycles(level, role, side, words);
  const double shared = cycles(level, role, Side::kShared, words);
  at(level, memory, side) += own;
  at(level, memory, Side::kShared) += shared;
  return std::max(own, shared);
}

}  // namespace weft
