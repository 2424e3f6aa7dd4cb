// A row of bits, one per word of a tensor in row-major order: set where the word is not zero. Counting takes
// 64 words at a time.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace weft {

class Bitmap {
 public:
  Bitmap() = default;
  explicit Bitmap(std::int64_t size) : size_(size), words_(static_cast<std::size_t>((size + 63) / 64)) {}

  [[nodiscard]] std::int64_t size() const { return size_; }
  [[nodiscard]] bool test(std::int64_t i) const {
    return (words_[static_cast<std::size_t>(i >> 6)] >> (static_cast<std::uint64_t>(i) & 63)) & 1;
  }
  void set(std::int64_t i) {
    words_[static_cast<std::size_t>(i >> 6)] |= std::uint64_t{1} << (static_cast<std::uint64_t>(i) & 63);
  }
  [[nodiscard]] std::int64_t count() const { return count(0, size_); }
  // Set bits in [from, to).
  [[nodiscard]] std::int64_t count(std::int64_t from, std::int64_t to) const {
    if (from >= to) {
      return 0;
    }
    const auto first = static_cast<std::size_t>(from >> 6);
    const auto last = static_cast<std::size_t>((to - 1) >> 6);
    const std::uint64_t head = ~std::uint64_t{0} << (static_cast<std::uint64_t>(from) & 63);
    const std::uint64_t tail = ~std::uint64_t{0} >> (63 - (static_cast<std::uint64_t>(to - 1) & 63));
    if (first == last) {
      return std::popcount(words_[first] & head & tail);
    }
    std::int64_t sum = std::popcount(words_[first] & head) + std::popcount(words_[last] & tail);
    for (std::size_t w = first + 1; w < last; ++w) {
      sum += std::popcount(words_[w]);
    }
    return sum;
  }
  // The first set bit at or after `from`, or size().
  [[nodiscard]] std::int64_t next(std::int64_t from) const {
    if (from >= size_) {
      return size_;
    }
    auto w = static_cast<std::size_t>(from >> 6);
    std::uint64_t word = words_[w] & (~std::uint64_t{0} << (static_cast<std::uint64_t>(from) & 63));
    while (word == 0) {
      if (++w == words_.size()) {
        return size_;
      }
      word = words_[w];
    }
    return static_cast<std::int64_t>(w) * 64 + std::countr_zero(word);
  }
  friend bool operator==(const Bitmap&, const Bitmap&) = default;

 private:
  std::int64_t size_ = 0;
  std::vector<std::uint64_t> words_;
};

}  // namespace weft
