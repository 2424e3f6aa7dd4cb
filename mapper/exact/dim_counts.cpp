// SPDX-License-Identifier: Apache-2.0
#include "mapper/exact/dim_counts.hpp"

#include <algorithm>

namespace weft::exact {

namespace {

std::int64_t product(std::span<const ChainLoop> loops) {
  std::int64_t result = 1;
  for (const ChainLoop& loop : loops) {
    result *= loop.bound;
  }
  return result;
}

}  // namespace

// Digits of a loop whose whole span fits see all combinations of the loops inside; at most one is cut.
std::int64_t active(std::span<const ChainLoop> loops, std::int64_t size, std::int64_t base) {
  if (base >= size) {
    return 0;
  }
  if (loops.empty()) {
    return 1;
  }
  const ChainLoop& loop = loops.front();
  const std::int64_t whole = std::min(loop.bound, (size - base) / loop.stride);
  std::int64_t sum = whole * product(loops.subspan(1));
  if (whole < loop.bound) {
    sum += active(loops.subspan(1), size, base + whole * loop.stride);
  }
  return sum;
}

std::int64_t elements(std::span<const ChainLoop> loops, std::int64_t extent, std::int64_t size,
                      std::int64_t base) {
  if (base >= size) {
    return 0;
  }
  if (loops.empty()) {
    return std::min(extent, size - base);
  }
  const ChainLoop& loop = loops.front();
  const std::int64_t whole = std::min(loop.bound, (size - base) / loop.stride);
  std::int64_t sum = whole * product(loops.subspan(1)) * extent;
  if (whole < loop.bound) {
    sum += elements(loops.subspan(1), extent, size, base + whole * loop.stride);
  }
  return sum;
}

}  // namespace weft::exact
