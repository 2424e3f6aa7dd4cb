// See port.hpp.
// SPDX-License-Identifier: Apache-2.0
#include "arch/sim/port.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

namespace weft::sim {

Port::Port(std::string name, BitsPerCycle bandwidth)
    : name_(std::move(name)), ticks_per_bit_(static_cast<double>(kTicksPerCycle) / bandwidth.count()) {}

Ticks Port::take(Ticks start, double bits, Phase phase) {
  const double exact = owed_ + bits * ticks_per_bit_;
  const double whole = std::floor(exact);
  owed_ = exact - whole;
  const auto ticks = static_cast<Ticks>(whole);
  busy_ += ticks;
  free_at_ = start + ticks;
  last_phase_ = phase;
  return free_at_;
}

void Port::wanted(Ticks at) {
  wanted_from_ = std::min(wanted_from_, at);
}

void Port::settle(Ticks at) {
  const Ticks from = std::max(wanted_from_, free_at_);
  blocked_ += wanted_from_ != kNever && at > from ? at - from : 0;
  wanted_from_ = kNever;
}

void Port::reset(int track) {
  owed_ = 0;
  busy_ = 0;
  blocked_ = 0;
  wanted_from_ = kNever;
  track_ = track;
  free_at_ = 0;
  last_phase_ = Phase::kSteady;
}

MemoryPorts::MemoryPorts(const std::string& name, const Bandwidths& widths) {
  const auto make = [&](const std::optional<BitsPerCycle>& bandwidth, const char* side) {
    return bandwidth ? std::optional<Port>(Port(name + " " + side, *bandwidth)) : std::nullopt;
  };
  read = make(widths.read, "read");
  write = make(widths.write, "write");
  shared = make(widths.shared, "shared");
}

LevelWires::LevelWires(const FanOut& fanout, const std::string& suffix) {
  if (!fanout.links) {
    return;
  }
  if (fanout.links->kind == LinkKind::kBus) {
    down.emplace(fanout.name + " bus" + suffix, fanout.links->bandwidth);
    return;
  }
  down.emplace(fanout.name + " links down" + suffix, fanout.links->bandwidth);
  up.emplace(fanout.name + " links up" + suffix, fanout.links->bandwidth);
}

double Port::release(Ticks start, Ticks at) {
  busy_ -= free_at_ - at;
  free_at_ = at;
  return static_cast<double>(at - start) / ticks_per_bit_;
}

void Transfer::claim(std::optional<Port>& port, double bits) {
  if (port && bits > 0) {
    claim(*port, bits);
  }
}

void Transfer::claim(Port& port, double bits) {
  for (Claim& claim : claims_) {
    if (claim.port == &port) {
      claim.bits += bits;
      return;
    }
  }
  claims_.push_back({&port, bits, 0, 0});
}

Transfer Transfer::half() const {
  Transfer half = *this;
  for (Claim& claim : half.claims_) {
    claim.bits /= 2;
  }
  return half;
}

void Transfer::read_from(MemoryPorts& memory, double bits) {
  claim(memory.read, bits);
  claim(memory.shared, bits);
}

void Transfer::take(Port& port, double bits) {
  if (bits > 0) {
    claim(port, bits);
  }
}

void Transfer::write_to(MemoryPorts& memory, double bits) {
  claim(memory.write, bits);
  claim(memory.shared, bits);
}

}  // namespace weft::sim
