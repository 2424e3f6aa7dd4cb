// A set of coordinates along a short rank, one bit each: where tiles leave gaps or several are united, much
// faster than lists of intervals.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <utility>

namespace weft {

template <std::size_t kWords>
class CoordBits {
 public:
  static constexpr auto kMost = static_cast<std::int64_t>(64 * kWords);  // coordinates

  // {0}
  [[nodiscard]] static CoordBits origin() {
    CoordBits result;
    result.words_[0] = 1;
    return result;
  }
  // All of [low, high), 0 <= low <= high <= kMost.
  [[nodiscard]] static CoordBits range(std::int64_t low, std::int64_t high) {
    CoordBits all;
    all.words_.fill(~std::uint64_t{0});
    CoordBits result = all.up(low);
    result.subtract(all.up(high));
    return result;
  }
  // Copies of the set, `count` in all, each `step` further up; what passes kMost is lost.
  void repeat(std::int64_t count, std::int64_t step) {
    for (std::int64_t have = 1; have < count;) {
      const std::int64_t more = std::min(have, count - have);
      unite(up(std::min(more * step, kMost)));
      have += more;
    }
  }
  // Shifted; 0 <= by <= kMost.
  [[nodiscard]] CoordBits up(std::int64_t by) const {
    const auto [whole, bits] = split(by);
    CoordBits result;
    for (std::size_t i = whole; i < kWords; ++i) {
      const std::uint64_t carry = bits > 0 && i > whole ? words_[i - whole - 1] >> (64 - bits) : 0;
      result.words_[i] = words_[i - whole] << bits | carry;
    }
    return result;
  }
  [[nodiscard]] CoordBits down(std::int64_t by) const {
    const auto [whole, bits] = split(by);
    CoordBits result;
    for (std::size_t i = 0; i + whole < kWords; ++i) {
      const std::uint64_t carry =
          bits > 0 && i + whole + 1 < kWords ? words_[i + whole + 1] << (64 - bits) : 0;
      result.words_[i] = words_[i + whole] >> bits | carry;
    }
    return result;
  }
  void unite(const CoordBits& other) {
    for (std::size_t i = 0; i < kWords; ++i) {
      words_[i] |= other.words_[i];
    }
  }
  void intersect(const CoordBits& other) {
    for (std::size_t i = 0; i < kWords; ++i) {
      words_[i] &= other.words_[i];
    }
  }
  void subtract(const CoordBits& other) {
    for (std::size_t i = 0; i < kWords; ++i) {
      words_[i] &= ~other.words_[i];
    }
  }
  [[nodiscard]] std::int64_t size() const {
    std::int64_t count = 0;
    for (const std::uint64_t word : words_) {
      count += std::popcount(word);
    }
    return count;
  }
  // The least range that holds all of them.
  [[nodiscard]] CoordBits hull() const {
    std::int64_t low = 0;
    std::int64_t high = kMost;
    while (low < kMost && words_[static_cast<std::size_t>(low / 64)] == 0) {
      low += 64;
    }
    if (low == kMost) {
      return {};
    }
    low += std::countr_zero(words_[static_cast<std::size_t>(low / 64)]);
    while (words_[static_cast<std::size_t>(high / 64) - 1] == 0) {
      high -= 64;
    }
    high -= std::countl_zero(words_[static_cast<std::size_t>(high / 64) - 1]);
    return range(low, high);
  }
  friend bool operator==(const CoordBits&, const CoordBits&) = default;
  [[nodiscard]] friend CoordBits subtract(CoordBits from, const CoordBits& what) {
    from.subtract(what);
    return from;
  }

 private:
  [[nodiscard]] static std::pair<std::size_t, unsigned> split(std::int64_t by) {
    return {static_cast<std::size_t>(by / 64), static_cast<unsigned>(by % 64)};
  }
  std::array<std::uint64_t, kWords> words_{};
};

}  // namespace weft
