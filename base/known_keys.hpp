// Numbers for keys: the same for equal ones. Keys are rows of integers, written one behind the other.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

namespace weft {

using Key = std::vector<std::int64_t>;

class KnownKeys {
 public:
  // About as many keys are expected.
  explicit KnownKeys(std::size_t expected = 4);
  // Where the next key is appended.
  [[nodiscard]] Key& next() { return words_; }
  // Number of the key that was appended, and whether it is new. Numbers go up from 0.
  std::pair<std::uint32_t, bool> take();
  // Keys known.
  [[nodiscard]] std::size_t size() const { return ends_.size(); }

 private:
  // The slot that holds the key, or the free one where it belongs.
  [[nodiscard]] std::size_t slot_of(std::uint64_t hash, std::size_t begin) const;
  void grow();

  Key words_;                          // of all known keys
  std::vector<std::size_t> ends_;      // [number]: of its words
  std::vector<std::uint64_t> hashes_;  // [number]
  std::vector<std::uint32_t> slots_;
};

}  // namespace weft
