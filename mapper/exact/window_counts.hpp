// Words of windows, counted once for all splits whose tiles begin at the same places: two rows at level 1 and
// four at level 2 begin where eight at level 1 do. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <deque>
#include <vector>

#include "base/known_keys.hpp"
#include "mapper/exact/windows.hpp"

namespace weft::exact {

class WindowCounts {
 public:
  // The side that is equal to this one; it lives as long as the object.
  [[nodiscard]] const WindowSide* keep(WindowSide side);
  // As window_words() and may_coincide(), of sides that are kept.
  [[nodiscard]] std::int64_t words(const Rank& rank, const WindowSides& sides);
  [[nodiscard]] bool coincide(const Rank& rank, const WindowSides& sides);

 private:
  KnownKeys equal_;
  std::deque<WindowSide> sides_;
  KnownKeys counted_, compared_;     // pairs of sides, by rank
  std::vector<std::int64_t> words_;  // [pair counted]
  std::vector<bool> coincide_;       // [pair compared]
};

}  // namespace weft::exact
