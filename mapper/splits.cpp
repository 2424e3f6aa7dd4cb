// Products of bounds.
// SPDX-License-Identifier: Apache-2.0
#include "mapper/splits.hpp"

#include "base/checked.hpp"
#include "dataflow/tile_extents.hpp"

namespace weft {

namespace {

bool splits(std::int64_t product, std::int64_t left) {
  constexpr std::int64_t kTries = 1'000'000;
  if (product <= left || product / 2 >= left) {
    return product <= left;  // a partial round at most doubles what the loops span
  }
  for (std::int64_t b = 2; b <= product / b; ++b) {
    if (b > kTries) {
      return true;  // not known: no contradiction
    }
    if (product % b == 0 &&
        (splits(product / b, ceil_div(left, b)) || splits(b, ceil_div(left, product / b)))) {
      return true;
    }
  }
  return false;
}

}  // namespace

bool can_be_used(const Range& range, std::int64_t left) {
  constexpr std::int64_t kTries = 64;
  for (std::int64_t i = 0; i < kTries; ++i) {
    const std::int64_t product = saturating_add(range.low, i);
    if (product > range.high || product / 2 >= left) {
      return product <= left;
    }
    if (splits(product, left)) {
      return true;
    }
  }
  return true;
}

}  // namespace weft
