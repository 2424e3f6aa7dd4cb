// SPDX-License-Identifier: Apache-2.0
#include "mapper/exact/window_sides.hpp"

#include <algorithm>

namespace weft::exact {

namespace {

Indices swept_offsets(const Loops& swept, const Indices& spatial, std::int64_t size) {
  Indices result;
  for (const std::int64_t time : indices(swept, size)) {
    for (const std::int64_t offset : spatial) {
      result.push_back(time + offset);
    }
  }
  std::sort(result.begin(), result.end());
  return result;
}

// Places of tiles outside the swept loops, by how far the dim goes on there: an instance that has one tile
// only while the innermost loop runs, or the swept ones, need not move.
Indices moving_bases(const View& view, const Loops& stepped, bool sweeps, std::int64_t farthest) {
  Loops outer = stepped;
  if (!sweeps) {
    outer.pop_back();  // the innermost loop
  }
  const ChainLoop& innermost = view.temporal.back();
  Indices result;
  for (const std::int64_t offset : indices(view.summed, view.size)) {
    for (const std::int64_t base : indices(outer, view.size - offset)) {
      const std::int64_t place = base + offset;
      if (place + farthest + innermost.stride >= view.size) {
        continue;
      }
      for (std::int64_t digit = 0; digit < (sweeps ? 1 : innermost.bound); ++digit) {
        if (place + digit * innermost.stride < view.size) {
          result.push_back(place + digit * innermost.stride);
        }
      }
    }
  }
  return result;
}

}  // namespace

WindowSide window_side(const View& view, std::int64_t coeff, int united_from, bool only_moving) {
  Loops swept;
  Loops stepped;
  for (const ChainLoop& loop : view.temporal) {
    (loop.level >= united_from ? swept : stepped).push_back(loop);
  }
  WindowSide result;
  result.coeff = coeff;
  result.size = view.size;
  if (!only_moving || view.all_move) {
    result.bases = indices(merged(stepped, view.summed), view.size);
    result.tile = pieces_at(indices(merged(swept, view.united), view.size), view.extent);
    return result;
  }
  const Indices united = indices(view.united, std::max<std::int64_t>(1, moving_offsets(view)));
  result.bases = moving_bases(view, stepped, !swept.empty(), united.back());
  std::sort(result.bases.begin(), result.bases.end());
  result.tile = pieces_at(swept_offsets(swept, united, view.size), view.extent);
  return result;
}

}  // namespace weft::exact
