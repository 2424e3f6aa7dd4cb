// SPDX-License-Identifier: Apache-2.0
#include "mapper/exact/standing_still.hpp"

#include "base/checked.hpp"

namespace weft::exact {

namespace {

std::int64_t range(const ChainLoop& loop) {
  return (loop.bound - 1) * loop.stride;
}

// By how much a dim advances with a step of loop `i`, whose inner loops begin again. Where a tile follows,
// the loops inside have run to their ends.
std::int64_t advance(const Loops& loops, std::size_t i) {
  std::int64_t result = loops[i].stride;
  for (std::size_t inner = i + 1; inner < loops.size(); ++inner) {
    result -= range(loops[inner]);
  }
  return result;
}

// May the dim go back by just this much when its loops inside `level`, and perhaps that beside, begin again?
// They may have ended early where the dim does.
bool goes_back(const SteppedDim& dim, std::int64_t distance, int level, bool beside) {
  std::int64_t most = 0;
  std::int64_t unit = 0;  // strides are multiples of those further in
  int several = 0;
  for (const ChainLoop& loop : dim.loops) {
    if (loop.level > level || (beside && loop.level == level)) {
      most += range(loop);
      unit = loop.stride;
      ++several;
    }
  }
  if (most == 0 || dim.beyond <= 0) {
    return distance == most;
  }
  const std::int64_t lost = several == 1 ? ceil_div(dim.beyond, unit) * unit : most;
  return distance <= most && distance >= most - lost && (most - distance) % unit == 0;
}

std::int64_t digits(const Loops& loops, int level, bool beside) {
  std::int64_t result = 1;
  for (const ChainLoop& loop : loops) {
    result *= loop.level < level || (beside && loop.level == level) ? loop.bound : 1;
  }
  return result;
}

}  // namespace

std::int64_t standing_still(const std::array<SteppedDim, 2>& dims) {
  std::int64_t entered = 0;
  for (std::size_t moves = 0; moves < 2; ++moves) {
    const Loops& own = dims[moves].loops;
    const SteppedDim& other = dims[1 - moves];
    std::int64_t outside = 1;
    for (std::size_t i = 0; i < own.size(); ++i) {
      const int level = own[i].level;
      const std::int64_t distance = dims[moves].coeff * advance(own, i);
      for (const bool beside : {false, true}) {  // stands the other dim's loop of the level inside?
        if (distance % other.coeff == 0 && goes_back(other, distance / other.coeff, level, beside)) {
          entered += outside * (own[i].bound - 1) * digits(other.loops, level, !beside);
          break;
        }
      }
      outside *= own[i].bound;
    }
  }
  return entered;
}

}  // namespace weft::exact
