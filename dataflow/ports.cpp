// SPDX-License-Identifier: Apache-2.0
#include "dataflow/ports.hpp"

#include <algorithm>

namespace weft {

PortTimes::PortTimes(const Accelerator& accelerator) : accelerator_(&accelerator) {
  for (const StorageLevel& level : accelerator.levels) {
    times_.emplace_back(level.memories.size(), std::array<double, kSides>{});
  }
}

double PortTimes::cycles(const Memory& memory, Side side, double bits) {
  const std::optional<BitsPerCycle>& bandwidth = side == Side::kRead    ? memory.read_bandwidth
                                                 : side == Side::kWrite ? memory.write_bandwidth
                                                                        : memory.shared_bandwidth;
  return bandwidth ? bits / bandwidth->count() : 0.0;
}

double PortTimes::add(int level, Role role, Side side, std::int64_t words, int bits) {
  const StorageLevel& storage = accelerator_->levels[static_cast<std::size_t>(level)];
  const int memory = storage.memory_index(role);
  const Memory& port = storage.memories[static_cast<std::size_t>(memory)];
  const double amount = static_cast<double>(words) * bits;
  const double own = cycles(port, side, amount);
  const double shared = cycles(port, Side::kShared, amount);
  at(level, memory, side) += own;
  at(level, memory, Side::kShared) += shared;
  return std::max(own, shared);
}

}  // namespace weft
