// Transfers that meet in the banks of a memory: who goes first, and what is left for the others (port.hpp).
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cmath>

#include "arch/sim/port.hpp"

namespace weft::sim {

void Arbiter::make_way_in_banks(const Request& request) {
  const auto in_the_way = [&](const Request& running) {
    return running.transfer.needed_by_ > request.transfer.needed_by_ &&
           std::any_of(request.transfer.claims_.begin(), request.transfer.claims_.end(),
                       [&](const auto& own) {
                         return std::any_of(running.transfer.claims_.begin(), running.transfer.claims_.end(),
                                            [&](const auto& other) {
                                              return other.until > now() && own.shares_banks(other) &&
                                                     collide(*own.banks.load, *other.banks.load);
                                            });
                       });
  };
  for (;;) {
    const auto found = std::find_if(running_.begin(), running_.end(), in_the_way);
    if (found == running_.end()) {
      return;
    }
    stop(static_cast<std::size_t>(found - running_.begin()));
  }
}

void Arbiter::begin_anew_without(const Request& stopped) {
  const auto held_up = [&](const Request& running) {
    return std::any_of(running.transfer.claims_.begin(), running.transfer.claims_.end(),
                       [&](const auto& own) {
                         return own.until > now() && own.banks.load != nullptr && own.course.slowed() &&
                                std::any_of(stopped.transfer.claims_.begin(), stopped.transfer.claims_.end(),
                                            [&](const auto& other) { return own.shares_banks(other); });
                       });
  };
  for (;;) {
    const auto found = std::find_if(running_.begin(), running_.end(), held_up);
    if (found == running_.end()) {
      return;
    }
    stop(static_cast<std::size_t>(found - running_.begin()));
  }
}

// Behind all that are running, and behind the transfer's own claims before this one.
void Arbiter::take_banks(Transfer& transfer, std::size_t claim) const {
  Transfer::Claim& own = transfer.claims_[claim];
  if (own.banks.load == nullptr) {
    return;
  }
  std::vector<const Course*> others;
  const auto add = [&](const Transfer::Claim& other) {
    if (other.until > now() && own.shares_banks(other)) {
      others.push_back(&other.course);
    }
  };
  for (const Request& running : running_) {
    std::for_each(running.transfer.claims_.begin(), running.transfer.claims_.end(), add);
  }
  std::for_each(transfer.claims_.begin(), transfer.claims_.begin() + static_cast<std::ptrdiff_t>(claim), add);
  const double stretched = static_cast<double>(own.ticks) * own.banks.load->stretch;
  own.course = course_beside(others, *own.banks.load, now(), static_cast<Ticks>(std::llround(stretched)));
  own.until = own.port->linger(std::max(own.course.end(), own.until) - own.until);
}

}  // namespace weft::sim
