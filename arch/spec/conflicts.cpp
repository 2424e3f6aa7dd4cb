// See conflicts.hpp.
// SPDX-License-Identifier: Apache-2.0
#include "arch/spec/conflicts.hpp"

#include <algorithm>
#include <array>
#include <map>

#include "base/rng.hpp"

namespace weft {

BankQueues::BankQueues(std::int64_t banks, std::int64_t queue)
    : room_(queue + 1),
      waiting_(static_cast<std::size_t>(banks), 0),
      arriving_(static_cast<std::size_t>(banks), 0) {}

std::int64_t BankQueues::enter(const std::vector<std::int64_t>& banks) {
  std::int64_t most = 0;
  for (const std::int64_t bank : banks) {
    const auto b = static_cast<std::size_t>(bank);
    ++arriving_[b];
    most = std::max(most, waiting_[b] + arriving_[b]);
  }
  // The bank's adder holds one, its queue the others.
  const std::int64_t cycles = 1 + std::max<std::int64_t>(0, most - room_);
  for (std::size_t b = 0; b < waiting_.size(); ++b) {
    waiting_[b] = std::max<std::int64_t>(0, waiting_[b] + arriving_[b] - cycles);
    arriving_[b] = 0;
  }
  return cycles;
}

double expected_conflicts(std::int64_t products, std::int64_t banks, std::int64_t queue) {
  constexpr std::int64_t kBefore = 256, kSampled = 4096;
  thread_local std::map<std::array<std::int64_t, 3>, double> known;
  const auto [place, is_new] = known.try_emplace({products, banks, queue}, 0);
  if (is_new) {
    Rng rng(1);
    BankQueues queues(banks, queue);
    std::vector<std::int64_t> hit(static_cast<std::size_t>(products));
    std::int64_t cycles = 0;
    for (std::int64_t i = 0; i < kBefore + kSampled; ++i) {
      std::generate(hit.begin(), hit.end(), [&] { return rng.uniform(0, banks - 1); });
      const std::int64_t taken = queues.enter(hit);
      cycles += i >= kBefore ? taken : 0;
    }
    place->second = static_cast<double>(cycles) / static_cast<double>(kSampled);
  }
  return place->second;
}

}  // namespace weft
