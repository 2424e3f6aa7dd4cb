// SPDX-License-Identifier: Apache-2.0
#include "dataflow/ports.hpp"

#include <algorithm>

namespace weft {

PortTimes::PortTimes(const Accelerator& accelerator, const Problem& problem)
    : accelerator_(&accelerator), problem_(&problem) {
  for (const StorageLevel& level : accelerator.levels) {
    times_.emplace_back(static_cast<std::size_t>(level.ports()), std::array<double, kSides>{});
  }
}

double port_bits(const Accelerator& accelerator, const Problem& problem, int level, Role role,
                 Serves serves) {
  const auto l = static_cast<std::size_t>(level);
  const double bits = stored_bits(*accelerator.levels[l].memory_for(role), problem, role);
  if (!accelerator.effect) {
    return bits;
  }
  const SparseEffect::Level& effect = accelerator.effect->levels[l];
  const auto r = static_cast<std::size_t>(index_of(role));
  const double moved = serves == Serves::kCompute   ? effect.slots[r]
                       : serves == Serves::kArrival ? effect.arriving_slots[r]
                                                    : effect.sent_slots[r];
  return bits * effect.stored[r] * moved;
}

double PortTimes::cycles(int level, Role role, Side side, std::int64_t words, Serves serves) const {
  const StorageLevel& storage = accelerator_->levels[static_cast<std::size_t>(level)];
  const Bandwidths widths = storage.bandwidths(storage.port_index(role));
  const std::optional<BitsPerCycle>& bandwidth = side == Side::kRead    ? widths.read
                                                 : side == Side::kWrite ? widths.write
                                                                        : widths.shared;
  return bandwidth ? static_cast<double>(words) * port_bits(*accelerator_, *problem_, level, role, serves) /
                         bandwidth->count()
                   : 0.0;
}

double PortTimes::add(int level, Role role, Side side, std::int64_t words, Serves serves) {
  const int port = accelerator_->levels[static_cast<std::size_t>(level)].port_index(role);
  const double own = cycles(level, role, side, words, serves);
  const double shared = cycles(level, role, Side::kShared, words, serves);
  at(level, port, side) += own;
  at(level, port, Side::kShared) += shared;
  return std::max(own, shared);
}

}  // namespace weft
