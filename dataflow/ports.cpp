// SPDX-License-Identifier: Apache-2.0
#include "dataflow/ports.hpp"

#include <algorithm>

namespace weft {

PortTimes::PortTimes(const Accelerator& accelerator, const Problem& problem)
    : accelerator_(&accelerator), problem_(&problem) {
  for (const StorageLevel& level : accelerator.levels) {
    first_.push_back(times_.size());
    times_.resize(times_.size() + static_cast<std::size_t>(level.ports()), std::array<double, kSides>{});
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
  return cycles(storage.bandwidths(storage.port_index(role)), side,
                static_cast<double>(words) * port_bits(*accelerator_, *problem_, level, role, serves));
}

double PortTimes::cycles(const Bandwidths& widths, Side side, double bits) {
  const std::optional<BitsPerCycle>& bandwidth = side == Side::kRead    ? widths.read
                                                 : side == Side::kWrite ? widths.write
                                                                        : widths.shared;
  return bandwidth ? bits / bandwidth->count() : 0.0;
}

double PortTimes::add(int level, Role role, Side side, std::int64_t words, Serves serves) {
  const StorageLevel& storage = accelerator_->levels[static_cast<std::size_t>(level)];
  const int port = storage.port_index(role);
  const Bandwidths widths = storage.bandwidths(port);
  const double bits = static_cast<double>(words) * port_bits(*accelerator_, *problem_, level, role, serves);
  const double own = cycles(widths, side, bits);
  const double shared = cycles(widths, Side::kShared, bits);
  at(level, port, side) += own;
  at(level, port, Side::kShared) += shared;
  return std::max(own, shared);
}

}  // namespace weft
