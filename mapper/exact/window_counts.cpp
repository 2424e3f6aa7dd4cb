// SPDX-License-Identifier: Apache-2.0
#include "mapper/exact/window_counts.hpp"

#include <bit>

namespace weft::exact {

namespace {

void add_pair(const Rank& rank, const WindowSides& sides, Key& key) {
  for (const void* one : {static_cast<const void*>(&rank), static_cast<const void*>(sides[0]),
                          static_cast<const void*>(sides[1])}) {
    key.push_back(std::bit_cast<std::int64_t>(one));
  }
}

}  // namespace

const WindowSide* WindowCounts::keep(WindowSide side) {
  Key& key = equal_.next();
  key.push_back(side.coeff);
  key.push_back(side.size);
  key.push_back(static_cast<std::int64_t>(side.bases.size()));
  key.insert(key.end(), side.bases.begin(), side.bases.end());
  for (const Interval& piece : side.tile) {
    key.push_back(piece.low);
    key.push_back(piece.high);
  }
  const auto [number, is_new] = equal_.take();
  if (is_new) {
    sides_.push_back(std::move(side));
  }
  return &sides_[number];
}

std::int64_t WindowCounts::words(const Rank& rank, const WindowSides& sides) {
  add_pair(rank, sides, counted_.next());
  const auto [number, is_new] = counted_.take();
  if (is_new) {
    words_.push_back(window_words(rank, sides));
  }
  return words_[number];
}

bool WindowCounts::coincide(const Rank& rank, const WindowSides& sides) {
  add_pair(rank, sides, compared_.next());
  const auto [number, is_new] = compared_.take();
  if (is_new) {
    coincide_.push_back(may_coincide(rank, sides));
  }
  return coincide_[number];
}

}  // namespace weft::exact
