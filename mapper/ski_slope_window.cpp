// SPDX-License-Identifier: Apache-2.0
#include "mapper/ski_slope_window.hpp"

#include <algorithm>
#include <tuple>
#include <utility>
#include <vector>

#include "base/error.hpp"
#include "dataflow/tile_extents.hpp"
#include "mapper/ski_slope.hpp"

namespace weft {

namespace {

constexpr std::int64_t kMostWalked = 1'000'000;  // indices of the smaller dim

std::int64_t floor_div(std::int64_t a, std::int64_t b) {
  return a / b - (a % b < 0 ? 1 : 0);
}

}  // namespace

WindowRank::WindowRank(const Problem& problem, const Rank& rank) : extent_(rank.extent) {
  int terms = 0;
  for (const Term& term : rank.terms) {
    if (problem.size(term.dim) > 1) {
      WEFT_ENSURE(++terms <= 2, "a rank of more than two dims");
      (terms == 1 ? position_ : tap_) = term;
      (terms == 1 ? positions_ : taps_) = problem.size(term.dim);
    }
  }
  overlaps_ = distinct_sums(position_, positions_, tap_, taps_) != positions_ * taps_;
  measure(rank.offset);
}

// Walks through the smaller dim. The other one's coordinates inside the extent are a run with its coefficient
// as the step; runs of the same remainder may overlap.
void WindowRank::measure(std::int64_t offset) {
  const bool taps_fewer = taps_ <= positions_;
  const auto [few, step] = taps_fewer ? std::pair(taps_, tap_.coeff) : std::pair(positions_, position_.coeff);
  const auto [many, stride] =
      taps_fewer ? std::pair(positions_, position_.coeff) : std::pair(taps_, tap_.coeff);
  if (few > kMostWalked) {
    throw TooManyTiles("a window with more than a million positions and as many taps");
  }
  std::vector<std::tuple<std::int64_t, std::int64_t, std::int64_t>> runs;  // remainder, first, end
  std::int64_t inside = 0;
  for (std::int64_t i = 0; i < few; ++i) {
    const std::int64_t base = offset + step * i;
    const std::int64_t first = std::max<std::int64_t>(0, -floor_div(base, stride));
    const std::int64_t end = std::min(many, floor_div(extent_ - 1 - base, stride) + 1);
    if (first < end) {
      const std::int64_t shift = step * i / stride;
      runs.emplace_back(step * i % stride, shift + first, shift + end);
      inside += end - first;
    }
  }
  std::sort(runs.begin(), runs.end());
  std::int64_t remainder = -1;
  std::int64_t counted = 0;
  for (const auto& [own, first, end] : runs) {
    counted = own == remainder ? counted : first;
    remainder = own;
    distinct_ += std::max<std::int64_t>(0, end - std::max(first, counted));
    counted = std::max(counted, end);
  }
  outside_ = positions_ * taps_ - inside;
}

std::int64_t WindowRank::hull(std::int64_t position, std::int64_t tap) const {
  return (position - 1) * position_.coeff + (tap - 1) * tap_.coeff + 1;
}

bool WindowRank::contiguous(std::int64_t position, std::int64_t tap) const {
  const bool tap_first = tap_.coeff <= position_.coeff;
  const auto [inner, count] = tap_first ? std::pair(tap_.coeff, tap) : std::pair(position_.coeff, position);
  const auto [outer, times] = tap_first ? std::pair(position_.coeff, position) : std::pair(tap_.coeff, tap);
  return (count == 1 || inner == 1) && (times == 1 || outer <= (count - 1) * inner + 1);
}

// Shared by all positions of one loop, for some index of the other: at most the hulls' common part.
std::int64_t WindowRank::core(std::int64_t position, std::int64_t tap) const {
  const auto shared = [&](std::int64_t trips, std::int64_t step, std::int64_t others) {
    const std::int64_t common = hull(position, tap) - (trips - 1) * step;
    return trips > 1 && common > 0 ? saturating_mul(common, others) : 0;
  };
  const std::int64_t positions = positions_ / position;
  const std::int64_t taps = taps_ / tap;
  return std::min(distinct_, std::max(shared(positions, position * position_.coeff, taps),
                                      shared(taps, tap * tap_.coeff, positions)));
}

// Two tiles that follow each other are never equal, unless both are empty: no advance of one loop is undone
// by the other one's wrapping around, and no two tiles are cut by padding to the same rest. For that, tiles
// without holes must be longer than the extent; with holes, gaps of at most one coefficient at both ends
// could hide the difference.
bool WindowRank::regular(std::int64_t position, std::int64_t tap) const {
  const std::int64_t positions = positions_ / position;
  const std::int64_t taps = taps_ / tap;
  const std::int64_t step = position * position_.coeff;
  const std::int64_t tap_step = tap * tap_.coeff;
  if (positions > 1 && taps > 1 && (step == (taps - 1) * tap_step || tap_step == (positions - 1) * step)) {
    return false;
  }
  const std::int64_t length = hull(position, tap);
  const std::int64_t gap = 2 * std::max(position_.coeff, tap_.coeff);
  return outside_ == 0 || length <= extent_ - gap || (contiguous(position, tap) && length <= extent_);
}

SlopeWindow WindowRank::cut(std::int64_t position, std::int64_t tap) const {
  SlopeWindow window{.distinct = distinct_, .repeated = distinct_};
  window.moves = position < positions_ || tap < taps_;
  if (!overlaps_) {
    return window;
  }
  window.core = core(position, tap);
  window.regular = regular(position, tap);
  if (window.regular) {
    const std::int64_t tiles = (positions_ / position) * (taps_ / tap);
    const std::int64_t touched = tiles * distinct_sums(position_, position, tap_, tap);
    window.repeated = std::max(distinct_, touched - outside_);
  }
  return window;
}

}  // namespace weft
