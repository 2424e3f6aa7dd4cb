// Draws for imbalance.cpp: how many words of a sum are not zero, and a queue of units. Private to the folder.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <vector>

#include "base/rng.hpp"

namespace weft {

// Non-zeros of so many words, each with the same chance.
class Draw {
 public:
  // Padding tokens for every `window` zeros before a non-zero; an input without a token is looked up. 0:
  // neither.
  Draw(double density, std::int64_t window, std::uint64_t seed)
      : density_(density), window_(window), rng_(seed) {}

  double operator()(std::int64_t words) {
    if (density_ >= 1) {
      return static_cast<double>(words);
    }
    const auto n = static_cast<double>(words);
    const double variance = n * density_ * (1 - density_);
    if (window_ == 0 && variance > 25) {
      return std::clamp(std::round(n * density_ + std::sqrt(variance) * normal()), 0.0, n);
    }
    double found = 0;
    for (std::int64_t place = 0; place < words;) {
      const double zeros = std::floor(std::log1p(-rng_.unit()) / std::log1p(-density_));
      if (zeros >= static_cast<double>(words - place)) {
        break;
      }
      found += 1 + (window_ > 0 ? std::floor(zeros / static_cast<double>(window_)) : 0);
      place += static_cast<std::int64_t>(zeros) + 1;
    }
    return window_ > 0 ? std::max(1.0, found) : found;
  }

 private:
  double normal() {  // Box and Muller
    constexpr double kTurn = 6.283185307179586;
    return std::sqrt(-2 * std::log1p(-rng_.unit())) * std::cos(kTurn * rng_.unit());
  }
  double density_;
  std::int64_t window_;
  Rng rng_;
};

// Units take stretch after stretch; one begins when none is busy with the one `window` before it any more.
// One that leaves nothing for anybody takes no place.
class Queue {
 public:
  Queue(std::size_t units, std::int64_t window)
      : free_at_(units, 0), done_(static_cast<std::size_t>(window), 0) {}
  void add(const double* work) {
    if (std::all_of(work, work + free_at_.size(), [](double cycles) { return cycles <= 0; })) {
      return;
    }
    double& oldest = done_[next_ % done_.size()];
    double last = length();
    for (std::size_t u = 0; u < free_at_.size(); ++u) {
      free_at_[u] = std::max(free_at_[u], oldest) + work[u];
      last = std::max(last, free_at_[u]);
    }
    oldest = last;
    ++next_;
  }
  [[nodiscard]] double length() const { return next_ == 0 ? 0 : done_[(next_ - 1) % done_.size()]; }

 private:
  std::vector<double> free_at_, done_;
  std::size_t next_ = 0;
};

}  // namespace weft
