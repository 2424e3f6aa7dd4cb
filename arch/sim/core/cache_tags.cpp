// See cache_tags.hpp.
// SPDX-License-Identifier: Apache-2.0
#include "arch/sim/core/cache_tags.hpp"

#include <algorithm>

namespace weft::sim {

CacheTags::CacheTags(const Cache& cache)
    : ways_(static_cast<std::size_t>(cache.ways)),
      sets_(static_cast<std::size_t>(
          std::max<std::int64_t>(1, cache.capacity.count() / (cache.line.count() * cache.ways)))),
      lines_(ways_ * sets_),
      rng_(1) {}

std::int64_t CacheTags::touch(std::int64_t line, Access access) {
  const auto begin =
      lines_.begin() + static_cast<std::ptrdiff_t>(static_cast<std::size_t>(line) % sets_ * ways_);
  const auto end = begin + static_cast<std::ptrdiff_t>(ways_);
  const auto holding = [&](std::int64_t tag) {
    return std::find_if(begin, end, [&](const Line& there) { return there.tag == tag; });
  };
  std::int64_t passed = 0;
  auto place = holding(line);
  if (place == end) {
    place = holding(-1);
    if (place == end) {
      place = begin + rng_.uniform(0, static_cast<std::int64_t>(ways_) - 1);
    }
    passed = place->written ? 2 : 1;
    *place = {line, false};
  }
  place->written = place->written || access == Access::kWrite;
  return passed;
}

}  // namespace weft::sim
