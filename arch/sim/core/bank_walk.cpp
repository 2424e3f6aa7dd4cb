// See bank_walk.hpp.
// SPDX-License-Identifier: Apache-2.0
#include "arch/sim/core/bank_walk.hpp"

#include <algorithm>
#include <cmath>

namespace weft::sim {

BankWalk::BankWalk(BankShape shape, double bits_per_cycle, int word_bits)
    : shape_(shape),
      bits_per_cycle_(bits_per_cycle),
      word_bits_(word_bits),
      hits_(static_cast<std::size_t>(shape.banks), 0),
      served_(static_cast<std::size_t>(shape.banks), 0) {}

void BankWalk::word(std::int64_t address) {
  const auto cycle =
      static_cast<std::int64_t>(std::floor(static_cast<double>(words_ * word_bits_) / bits_per_cycle_));
  if (cycle != cycle_) {
    const std::int64_t words = words_;
    new_cycle();
    words_ = words;
    cycle_ = cycle;
  }
  ++words_;
  moved_ += word_bits_;
  for (std::int64_t line = address / shape_.width; line <= (address + word_bits_ - 1) / shape_.width;
       ++line) {
    lines_.push_back(line);
  }
}

void BankWalk::new_cycle() {
  std::sort(lines_.begin(), lines_.end());
  lines_.erase(std::unique(lines_.begin(), lines_.end()), lines_.end());
  const auto bank = [this](std::int64_t line) {
    return static_cast<std::size_t>(line * shape_.width / shape_.interleave % shape_.banks);
  };
  std::int64_t most = 0;
  for (const std::int64_t line : lines_) {
    if (!std::binary_search(kept_.begin(), kept_.end(), line)) {
      ++served_[bank(line)];
      most = std::max(most, ++hits_[bank(line)]);
    }
  }
  for (const std::int64_t line : lines_) {
    hits_[bank(line)] = 0;
  }
  if (lines_.empty()) {
    return;
  }
  // Without a conflict words take the port's time, which is less than a cycle if they do not fill it.
  const double plain = static_cast<double>(moved_) / bits_per_cycle_;
  plain_ += plain;
  time_ += std::max(plain, most > 1 ? static_cast<double>(most) : 0.0);
  kept_.swap(lines_);
  lines_.clear();
  moved_ = words_ = cycle_ = 0;
}

BankLoad BankWalk::load(Pace pace) {
  new_cycle();
  BankLoad load;
  load.use.resize(served_.size(), 0);
  if (plain_ <= 0) {
    return load;
  }
  // No bank serves more than a line a cycle, over the walk as a whole too; the last one may still be at it
  // when the port is done.
  const std::int64_t busiest = *std::max_element(served_.begin(), served_.end());
  const bool limits = busiest > 1 && pace == Pace::kPort;
  const double time = limits ? std::max(time_, static_cast<double>(busiest)) : time_;
  load.stretch = time / plain_;
  for (std::size_t b = 0; b < served_.size(); ++b) {
    load.use[b] = std::min(1.0, static_cast<double>(served_[b]) / time);
  }
  return load;
}

}  // namespace weft::sim
