// See port.hpp.
// SPDX-License-Identifier: Apache-2.0
#include "arch/sim/port.hpp"

#include <algorithm>
#include <cmath>
#include <tuple>
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

void Port::reset() {
  owed_ = 0;
  busy_ = 0;
  free_at_ = 0;
  last_phase_ = Phase::kSteady;
}

MemoryPorts::MemoryPorts(const Memory& memory) {
  const auto make = [&](const std::optional<BitsPerCycle>& bandwidth, const char* side) {
    return bandwidth ? std::optional<Port>(Port(memory.name + " " + side, *bandwidth)) : std::nullopt;
  };
  read = make(memory.read_bandwidth, "read");
  write = make(memory.write_bandwidth, "write");
  shared = make(memory.shared_bandwidth, "shared");
}

double Port::release(Ticks start, Ticks at) {
  busy_ -= free_at_ - at;
  free_at_ = at;
  return static_cast<double>(at - start) / ticks_per_bit_;
}

void Transfer::claim(std::optional<Port>& port, double bits) {
  if (!port || bits <= 0) {
    return;
  }
  for (Claim& claim : claims_) {
    if (claim.port == &*port) {
      claim.bits += bits;
      return;
    }
  }
  claims_.push_back({&*port, bits, 0, 0});
}

void Transfer::read_from(MemoryPorts& memory, double bits) {
  claim(memory.read, bits);
  claim(memory.shared, bits);
}

void Transfer::write_to(MemoryPorts& memory, double bits) {
  claim(memory.write, bits);
  claim(memory.shared, bits);
}

Arbiter::Arbiter(const sc_core::sc_module_name& name, std::int64_t max_jitter_cycles, std::uint64_t seed)
    : sc_module(name), max_jitter_cycles_(max_jitter_cycles), seed_(seed), rng_(seed) {
  SC_THREAD(serve);
}

void Arbiter::reset() {
  rng_ = Rng(seed_);
  ramp_interference_ = false;
}

void Arbiter::request(Transfer transfer, Grant& grant) {
  grant = {};
  Ticks earliest = now();
  if (max_jitter_cycles_ > 0) {
    earliest += ticks_of(rng_.uniform(0, max_jitter_cycles_));
  }
  pending_.push_back({std::move(transfer), earliest, &grant});
  requested_.notify(sc_core::SC_ZERO_TIME);
}

void Arbiter::await(const Grant& grant) {
  while (!grant.given || grant.end > now()) {
    if (grant.given) {
      wait(duration(grant.end - now()));  // an interruption only makes it later
    } else {
      wait(given_);
    }
  }
}

void Arbiter::serve() {
  wait(requested_);
  for (;;) {
    // Requests of this time stamp that follow from others of it must be in before any is preferred.
    while (sc_core::sc_pending_activity_at_current_time()) {
      wait(sc_core::SC_ZERO_TIME);
    }
    give_what_is_free();
    given_.notify(sc_core::SC_ZERO_TIME);
    if (pending_.empty()) {
      wait(requested_);
      continue;
    }
    Ticks next = ready_at(pending_.front());
    for (const Request& request : pending_) {
      next = std::min(next, ready_at(request));
    }
    wait(duration(next - now()), requested_);
  }
}

Ticks Arbiter::ready_at(const Request& request) {
  Ticks ready = request.earliest;
  for (const Transfer::Claim& claim : request.transfer.claims_) {
    ready = std::max(ready, claim.port->free_at());
  }
  return ready;
}

void Arbiter::give_what_is_free() {
  std::erase_if(running_, [](const Request& request) { return request.end <= now(); });
  std::stable_sort(pending_.begin(), pending_.end(), [](const Request& a, const Request& b) {
    const auto key = [](const Request& r) {
      return std::tuple(r.earliest, r.transfer.step_, r.transfer.level_, r.transfer.role_);
    };
    return key(a) < key(b);
  });
  std::vector<Request> waiting = std::move(pending_);
  pending_.clear();
  for (Request& request : waiting) {
    const bool asks = request.earliest <= now();
    if (asks && (ready_at(request) <= now() || interrupt_for(request))) {
      give(std::move(request));
      continue;
    }
    if (asks && !request.begun) {
      note_interference(request);
    }
    pending_.push_back(std::move(request));
  }
}

bool Arbiter::holds(const Request& running, const Port* port) {
  const auto& claims = running.transfer.claims_;
  return std::any_of(claims.begin(), claims.end(),
                     [&](const Transfer::Claim& claim) { return claim.port == port && claim.until > now(); });
}

bool Arbiter::interrupt_for(const Request& request) {
  std::vector<std::size_t> holders;
  for (std::size_t i = 0; i < running_.size(); ++i) {
    const auto& claims = request.transfer.claims_;
    if (std::any_of(claims.begin(), claims.end(),
                    [&](const auto& claim) { return holds(running_[i], claim.port); })) {
      if (running_[i].transfer.needed_by_ <= request.transfer.needed_by_) {
        return false;
      }
      holders.push_back(i);
    }
  }
  for (std::size_t i = holders.size(); i-- > 0;) {
    stop(holders[i]);
  }
  return !holders.empty();
}

void Arbiter::stop(std::size_t running) {
  Request interrupted = std::move(running_[running]);
  running_.erase(running_.begin() + static_cast<std::ptrdiff_t>(running));
  for (Transfer::Claim& claim : interrupted.transfer.claims_) {
    claim.bits = claim.until > now() ? claim.bits - claim.port->release(claim.start, now()) : 0;
  }
  std::erase_if(interrupted.transfer.claims_, [](const Transfer::Claim& claim) { return claim.bits <= 0; });
  interrupted.grant->given = false;
  pending_.push_back(std::move(interrupted));
}

void Arbiter::give(Request request) {
  Grant& grant = *request.grant;
  if (!request.begun) {
    grant.start = now();
  }
  grant.end = now();
  for (Transfer::Claim& claim : request.transfer.claims_) {
    claim.start = now();
    claim.until = claim.port->take(now(), claim.bits, request.transfer.phase_);
    grant.end = std::max(grant.end, claim.until);
  }
  request.begun = true;
  request.end = grant.end;
  grant.given = true;
  running_.push_back(std::move(request));
}

void Arbiter::note_interference(const Request& request) {
  for (const Transfer::Claim& claim : request.transfer.claims_) {
    const bool held_by_others = claim.port->free_at() > now() && claim.port->last_phase() != Phase::kRampIn;
    ramp_interference_ |= request.transfer.phase_ == Phase::kRampIn && held_by_others;
  }
}

}  // namespace weft::sim
