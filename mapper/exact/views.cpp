// SPDX-License-Identifier: Apache-2.0
#include "mapper/exact/views.hpp"

#include <algorithm>
#include <iterator>

#include "mapper/exact/dim_counts.hpp"

namespace weft::exact {

Loops merged(const Loops& a, const Loops& b) {
  Loops result;
  // Both are sorted, and no two loops of a dim have the same stride.
  std::merge(a.begin(), a.end(), b.begin(), b.end(), std::back_inserter(result),
             [](const ChainLoop& x, const ChainLoop& y) { return x.stride > y.stride; });
  return result;
}

namespace {

void collect(const Loops& loops, std::size_t first, std::int64_t base, std::int64_t size, Indices& into) {
  if (first == loops.size()) {
    into.push_back(base);
    return;
  }
  const ChainLoop& loop = loops[first];
  for (std::int64_t digit = 0; digit < loop.bound && base + digit * loop.stride < size; ++digit) {
    collect(loops, first + 1, base + digit * loop.stride, size, into);
  }
}

}  // namespace

Indices indices(const Loops& loops, std::int64_t size) {
  Indices result;
  result.reserve(static_cast<std::size_t>(std::max<std::int64_t>(1, active(loops, size))));
  collect(loops, 0, 0, size, result);
  return result;
}

std::int64_t moving_offsets(const View& view) {
  if (view.divides || view.temporal.empty()) {
    return view.size;
  }
  std::int64_t last = view.temporal.back().stride;
  for (std::size_t i = 0; i + 1 < view.temporal.size(); ++i) {
    last += (view.temporal[i].bound - 1) * view.temporal[i].stride;
  }
  return std::max<std::int64_t>(0, view.size - last);
}

bool all_move(const View& view) {
  if (view.divides || view.temporal.empty()) {
    return true;
  }
  const Loops spatial = merged(view.summed, view.united);
  return active(spatial, view.size) == active(spatial, moving_offsets(view));
}

// All that the loops inside one reach is below its stride, so the greatest digits make the greatest offset.
std::int64_t farthest_moving(const View& view) {
  std::int64_t left = moving_offsets(view) - 1;
  std::int64_t farthest = 0;
  for (const ChainLoop& loop : merged(view.summed, view.united)) {
    const std::int64_t digit = left < 0 ? 0 : std::min(loop.bound - 1, (left - farthest) / loop.stride);
    farthest += digit * loop.stride;
  }
  return farthest;
}

std::int64_t least_travel(const View& view, int from, std::int64_t farthest) {
  if (!view.all_move) {
    return view.temporal.back().level >= from ? view.temporal.back().stride : 0;
  }
  std::int64_t base = farthest;
  for (const ChainLoop& loop : view.temporal) {
    base += loop.level < from ? (loop.bound - 1) * loop.stride : 0;
  }
  std::int64_t travel = 0;
  for (const ChainLoop& loop : view.temporal) {
    if (loop.level >= from && base + travel < view.size) {
      travel += std::min(loop.bound - 1, (view.size - 1 - base - travel) / loop.stride) * loop.stride;
    }
  }
  return travel;
}

}  // namespace weft::exact
