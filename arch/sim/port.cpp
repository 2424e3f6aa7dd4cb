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
  lingered_ = 0;
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
  banked_ = lingered_ = 0;
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

Ticks Port::linger(Ticks more) {
  banked_ += more;
  lingered_ += more;
  free_at_ += more;
  return free_at_;
}

double Port::release(Ticks start, Ticks at, Ticks ticks, Ticks moved) {
  busy_ -= ticks - moved;
  banked_ -= free_at_ - start - ticks;
  lingered_ = at - start - moved;
  banked_ += lingered_;
  free_at_ = at;
  return static_cast<double>(moved) / ticks_per_bit_;
}

bool Transfer::Claim::shares_banks(const Claim& other) const {
  return banks.load != nullptr && other.banks.load != nullptr && banks.memory == other.banks.memory &&
         banks.row == other.banks.row &&
         (writes == other.writes || banks.memory->banking->ports == BankPorts::kOne);
}

Ticks Transfer::Claim::moved(Ticks at) const {
  const Ticks passed = at - start;
  if (banks.load == nullptr) {
    return passed;
  }
  // Words move evenly over the stream's own time; what is lost cannot be less than nothing or more than all.
  const Ticks most = std::min(passed, ticks);
  const Ticks lost = until - start - ticks;
  const Ticks least = passed > lost ? passed - lost : 0;
  const auto words = static_cast<Ticks>(course.progress(at) / banks.load->stretch);
  return std::clamp(words, least, most);
}

void Transfer::claim(std::optional<Port>& port, double bits, const BankUse& banks, bool writes) {
  if (port && bits > 0) {
    claim(*port, bits, banks, writes);
  }
}

// Of two streams through one port the slower one stands for both.
void Transfer::claim(Port& port, double bits, const BankUse& banks, bool writes) {
  for (Claim& claim : claims_) {
    if (claim.port == &port) {
      claim.bits += bits;
      if (banks.load != nullptr &&
          (claim.banks.load == nullptr || banks.load->stretch > claim.banks.load->stretch)) {
        claim.banks = banks;
        claim.writes = writes;
      }
      return;
    }
  }
  Claim& claim = claims_.emplace_back();
  claim.port = &port;
  claim.bits = bits;
  claim.banks = banks;
  claim.writes = writes;
}

Transfer Transfer::half() const {
  Transfer half = *this;
  for (Claim& claim : half.claims_) {
    claim.bits /= 2;
  }
  return half;
}

namespace {

// Accesses go to the banks as the narrower of the ports that words pass lets them.
bool narrower(const std::optional<Port>& own, const std::optional<Port>& other) {
  return own && (!other || own->ticks_per_bit() >= other->ticks_per_bit());
}

}  // namespace

void Transfer::read_from(MemoryPorts& memory, double bits, const BankUse& banks) {
  const bool own = narrower(memory.read, memory.shared);
  claim(memory.read, bits, own ? banks : BankUse{}, false);
  claim(memory.shared, bits, own ? BankUse{} : banks, false);
}

void Transfer::write_to(MemoryPorts& memory, double bits, const BankUse& banks) {
  const bool own = narrower(memory.write, memory.shared);
  claim(memory.write, bits, own ? banks : BankUse{}, true);
  claim(memory.shared, bits, own ? BankUse{} : banks, true);
}

void Transfer::take(Port& port, double bits) {
  if (bits > 0) {
    claim(port, bits, {}, false);
  }
}

}  // namespace weft::sim
