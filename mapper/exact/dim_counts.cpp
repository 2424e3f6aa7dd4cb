// SPDX-License-Identifier: Apache-2.0
#include "mapper/exact/dim_counts.hpp"

#include <algorithm>
#include <span>

namespace weft::exact {

namespace {

using Span = std::span<const ChainLoop>;

std::int64_t product(Span loops) {
  std::int64_t result = 1;
  for (const ChainLoop& loop : loops) {
    result *= loop.bound;
  }
  return result;
}

// Digits of a loop whose whole span fits see all combinations of the loops inside; at most one is cut.
// `whole`: what a combination counts for, `cut`: what one counts for whose index is that far from the end.
template <typename Cut>
std::int64_t sum(Span loops, std::int64_t left, std::int64_t whole, const Cut& cut) {
  if (left <= 0) {
    return 0;
  }
  if (loops.empty()) {
    return cut(left);
  }
  const ChainLoop& loop = loops.front();
  const std::int64_t full = std::min(loop.bound, left / loop.stride);
  std::int64_t result = full * product(loops.subspan(1)) * whole;
  if (full < loop.bound) {
    result += sum(loops.subspan(1), left - full * loop.stride, whole, cut);
  }
  return result;
}

}  // namespace

std::int64_t active(const Loops& loops, std::int64_t size, std::int64_t base) {
  return sum({loops.data(), loops.size()}, size - base, 1, [](std::int64_t) { return std::int64_t{1}; });
}

std::int64_t elements(const Loops& loops, std::int64_t extent, std::int64_t size, std::int64_t base) {
  return sum({loops.data(), loops.size()}, size - base, extent,
             [&](std::int64_t left) { return std::min(extent, left); });
}

}  // namespace weft::exact
