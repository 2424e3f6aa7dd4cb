// Open addressing; the table is at most half full. SPDX-License-Identifier: Apache-2.0
#include "base/known_keys.hpp"

#include <algorithm>
#include <bit>

namespace weft {

namespace {

constexpr std::uint32_t kFree = UINT32_MAX;

std::uint64_t hash_of(const std::int64_t* begin, const std::int64_t* end) {
  std::uint64_t hash = 0;
  for (; begin != end; ++begin) {
    hash = (hash ^ static_cast<std::uint64_t>(*begin)) * 0x9e3779b97f4a7c15ULL;
    hash ^= hash >> 32U;
  }
  return hash;
}

}  // namespace

KnownKeys::KnownKeys(std::size_t expected) : slots_(std::bit_ceil(2 * expected + 2), kFree) {}

std::size_t KnownKeys::slot_of(std::uint64_t hash, std::size_t begin) const {
  const auto words = words_.begin();
  const auto at = [&](std::size_t place) { return words + static_cast<std::ptrdiff_t>(place); };
  std::size_t slot = hash & (slots_.size() - 1);
  for (; slots_[slot] != kFree; slot = (slot + 1) & (slots_.size() - 1)) {
    const std::uint32_t known = slots_[slot];
    if (hashes_[known] == hash &&
        std::equal(at(begin), words_.end(), at(known == 0 ? 0 : ends_[known - 1]), at(ends_[known]))) {
      break;
    }
  }
  return slot;
}

void KnownKeys::grow() {
  slots_.assign(2 * slots_.size(), kFree);
  for (std::uint32_t number = 0; number < ends_.size(); ++number) {
    std::size_t slot = hashes_[number] & (slots_.size() - 1);
    while (slots_[slot] != kFree) {
      slot = (slot + 1) & (slots_.size() - 1);
    }
    slots_[slot] = number;
  }
}

std::pair<std::uint32_t, bool> KnownKeys::take() {
  const std::size_t begin = ends_.empty() ? 0 : ends_.back();
  const std::uint64_t hash = hash_of(words_.data() + begin, words_.data() + words_.size());
  const std::size_t slot = slot_of(hash, begin);
  if (slots_[slot] != kFree) {
    words_.resize(begin);
    return {slots_[slot], false};
  }
  const auto number = static_cast<std::uint32_t>(ends_.size());
  slots_[slot] = number;
  hashes_.push_back(hash);
  ends_.push_back(words_.size());
  if (2 * ends_.size() >= slots_.size()) {
    grow();
  }
  return {number, true};
}

}  // namespace weft
