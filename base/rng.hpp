// The only source of randomness: SplitMix64-seeded xoshiro256** with its own distributions, so that the
// same seed gives the same numbers on every platform and standard library.
// Source: Blackman & Vigna, "Scrambled linear pseudorandom number generators", TOMS 2021.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <utility>
#include <vector>

namespace weft {

class Rng {
 public:
  explicit Rng(std::uint64_t seed);
  [[nodiscard]] std::uint64_t next();
  // Uniform in [low, high], both ends included; low <= high. Unbiased (rejection).
  [[nodiscard]] std::int64_t uniform(std::int64_t low, std::int64_t high);
  // Uniform in [0, 1).
  [[nodiscard]] double unit();
  [[nodiscard]] bool chance(double probability) { return unit() < probability; }
  // An independent stream: same parent and label, same stream.
  [[nodiscard]] Rng fork(std::uint64_t label) const;

  template <class T>
  [[nodiscard]] const T& pick(const std::vector<T>& items) {
    return items[static_cast<std::size_t>(uniform(0, static_cast<std::int64_t>(items.size()) - 1))];
  }
  template <class T>
  void shuffle(std::vector<T>& items) {
    for (std::size_t i = items.size(); i > 1; --i) {
      std::swap(items[i - 1], items[static_cast<std::size_t>(uniform(0, static_cast<std::int64_t>(i) - 1))]);
    }
  }

 private:
  std::array<std::uint64_t, 4> state_{};
};

}  // namespace weft
