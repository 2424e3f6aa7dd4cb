// The arbiter of port.hpp: who gets the ports when.
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <tuple>
#include <utility>

#include <fmt/format.h>

#include "arch/sim/port.hpp"

namespace weft::sim {

Arbiter::Arbiter(const sc_core::sc_module_name& name, std::int64_t max_jitter_cycles, std::uint64_t seed)
    : sc_module(name), max_jitter_cycles_(max_jitter_cycles), seed_(seed), rng_(seed) {
  SC_THREAD(serve);
}

void Arbiter::reset(std::vector<Port*> ports, Recorder* recorder) {
  ports_ = std::move(ports);
  rng_ = Rng(seed_);
  ramp_interference_ = false;
  recorder_ = recorder;
  running_.clear();
  wanted_.clear();
}

void Arbiter::finish() {
  for (const Request& request : running_) {
    record(request, request.end);
  }
  running_.clear();
}

void Arbiter::rest() {
  const bool quiet = pending_.empty() && std::all_of(running_.begin(), running_.end(),
                                                     [](const Request& r) { return r.end <= now(); });
  for (Port* port : ports_) {
    if (quiet) {
      port->forgive();
    }
  }
}

void Arbiter::record(const Request& request, Ticks until) const {
  if (recorder_ == nullptr) {
    return;
  }
  const Transfer& transfer = request.transfer;
  for (const Transfer::Claim& claim : transfer.claims_) {
    recorder_->event(claim.port->track(), {claim.start, std::min(claim.until, until), transfer.what_, true,
                                           transfer.part_, transfer.item_});
  }
}

void Arbiter::settle_wanted() {
  for (Port* port : wanted_) {
    port->settle(now());
  }
  wanted_.clear();
}

void Arbiter::request(Transfer transfer, Grant& grant) {
  grant = {};
  Ticks earliest = now();
  if (max_jitter_cycles_ > 0) {
    earliest += ticks_of(rng_.uniform(0, max_jitter_cycles_));
  }
  earliest = std::min(earliest, transfer.asked_.value_or(earliest));
  grant.earliest = earliest;
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
    Ticks next = now();
    while (!pending_.empty() && next <= now()) {
      give_what_is_free();
      next = next_chance();
    }
    given_.notify(sc_core::SC_ZERO_TIME);
    if (pending_.empty()) {
      wait(requested_);
      continue;
    }
    wait(duration(next - now()), requested_);
  }
}

// When one of those that wait can begin or interrupt, as things stand: a port held for an earlier step has to
// become free, one held for a later step need not.
Ticks Arbiter::next_chance() const {
  Ticks next = ~Ticks{0};
  for (const Request& request : pending_) {
    Ticks ready = request.earliest;
    for (const Transfer::Claim& claim : request.transfer.claims_) {
      const bool gives_way = std::any_of(running_.begin(), running_.end(), [&](const Request& running) {
        return running.transfer.needed_by_ > request.transfer.needed_by_ && holds(running, claim.port);
      });
      ready = gives_way ? ready : std::max(ready, claim.port->free_at());
    }
    next = std::min(next, ready);
  }
  return next;
}

Ticks Arbiter::ready_at(const Request& request) {
  Ticks ready = request.earliest;
  for (const Transfer::Claim& claim : request.transfer.claims_) {
    ready = std::max(ready, claim.port->free_at());
  }
  return ready;
}

void Arbiter::give_what_is_free() {
  settle_wanted();
  std::erase_if(running_, [this](const Request& request) {
    const bool over = request.end <= now();
    if (over) {
      record(request, request.end);
    }
    return over;
  });
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
      make_way_in_banks(request);
      give(std::move(request));
      continue;
    }
    if (asks && !request.begun) {
      note_interference(request);
    }
    pending_.push_back(std::move(request));
  }
  for (const Request& request : pending_) {
    for (const Transfer::Claim& claim : request.transfer.claims_) {
      claim.port->wanted(std::max(now(), request.earliest));
      wanted_.push_back(claim.port);
    }
  }
}

bool Arbiter::holds(const Request& running, const Port* port) {
  const auto& claims = running.transfer.claims_;
  return std::any_of(claims.begin(), claims.end(),
                     [&](const Transfer::Claim& claim) { return claim.port == port && claim.until > now(); });
}

bool Arbiter::interrupt_for(const Request& request) {
  std::vector<const Grant*> holders;
  for (std::size_t i = 0; i < running_.size(); ++i) {
    const auto& claims = request.transfer.claims_;
    if (std::any_of(claims.begin(), claims.end(),
                    [&](const auto& claim) { return holds(running_[i], claim.port); })) {
      if (running_[i].transfer.needed_by_ <= request.transfer.needed_by_) {
        return false;
      }
      holders.push_back(running_[i].grant);
    }
  }
  for (const Grant* holder : holders) {
    const auto still = std::find_if(running_.begin(), running_.end(),
                                    [&](const Request& running) { return running.grant == holder; });
    if (still != running_.end()) {  // it may have stopped with the one before
      stop(static_cast<std::size_t>(still - running_.begin()));
    }
  }
  return !holders.empty();
}

void Arbiter::stop(std::size_t running) {
  Request interrupted = std::move(running_[running]);
  running_.erase(running_.begin() + static_cast<std::ptrdiff_t>(running));
  record(interrupted, now());
  Grant& grant = *interrupted.grant;
  grant.holds.back().banks = 0;
  for (Transfer::Claim& claim : interrupted.transfer.claims_) {
    if (claim.until <= now()) {
      claim.bits = 0;
      continue;
    }
    const Ticks moved = claim.moved(now());
    claim.bits -= claim.port->release(claim.start, now(), claim.ticks, moved);
    if (&claim.port->name() == grant.slowest) {
      grant.holds.back().banks = now() - claim.start - moved;
    }
  }
  const bool banks = std::any_of(interrupted.transfer.claims_.begin(), interrupted.transfer.claims_.end(),
                                 [](const Transfer::Claim& claim) { return claim.banks.load != nullptr; });
  const std::optional<Request> stopped = banks ? std::optional(interrupted) : std::nullopt;
  std::erase_if(interrupted.transfer.claims_, [](const Transfer::Claim& claim) { return claim.bits <= 0; });
  grant.given = false;
  grant.holds.back().end = now();
  if (grant.holds.back().begin == now()) {
    grant.holds.pop_back();
  }
  pending_.push_back(std::move(interrupted));
  if (stopped) {
    begin_anew_without(*stopped);
  }
}

void Arbiter::give(Request request) {
  Grant& grant = *request.grant;
  if (!request.begun) {
    grant.start = now();
  }
  grant.end = now();
  Ticks free_last = 0;
  Ticks banks = 0;
  Ticks before = 0;
  for (std::size_t c = 0; c < request.transfer.claims_.size(); ++c) {
    Transfer::Claim& claim = request.transfer.claims_[c];
    if (claim.port->free_at() > free_last) {
      free_last = claim.port->free_at();
      grant.blocker = &claim.port->name();
      before = free_last == now() ? claim.port->lingered() : 0;
    }
    claim.start = now();
    claim.until = claim.port->take(now(), claim.bits, request.transfer.phase_);
    claim.ticks = claim.until - claim.start;
    take_banks(request.transfer, c);
    if (claim.until > grant.end) {
      grant.end = claim.until;
      grant.slowest = &claim.port->name();
      banks = claim.until - claim.start - claim.ticks;
    }
  }
  grant.holds.push_back({now(), grant.end, banks, before});
  request.begun = true;
  request.end = grant.end;
  grant.given = true;
  running_.push_back(std::move(request));
}

std::string Arbiter::state() const {
  std::string text;
  const auto line = [&text](const Request& request, const char* does) {
    const Transfer& t = request.transfer;
    text +=
        fmt::format("{} of {} (level {}, step {}) {}", t.what_, name_of(t.role_), t.level_, t.step_, does);
    for (const Transfer::Claim& claim : t.claims_) {
      text += fmt::format(" {}", claim.port->name());
    }
    text += '\n';
  };
  for (const Request& request : running_) {
    line(request, "holds");
  }
  for (const Request& request : pending_) {
    line(request, "asks for");
  }
  return text;
}

void Arbiter::note_interference(const Request& request) {
  for (const Transfer::Claim& claim : request.transfer.claims_) {
    const bool held_by_others = claim.port->free_at() > now() && claim.port->last_phase() != Phase::kRampIn;
    ramp_interference_ |= request.transfer.phase_ == Phase::kRampIn && held_by_others;
  }
}

}  // namespace weft::sim
