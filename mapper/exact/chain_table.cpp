// SPDX-License-Identifier: Apache-2.0
#include "mapper/exact/chain_table.hpp"

namespace weft::exact {

ChainTable::ChainTable(const Part& part, int depth) : of_option(part.options.size()) {
  for (std::size_t d = 0; d < part.dims.size(); ++d) {
    KnownKeys known(part.options.size());
    for (std::size_t option = 0; option < part.options.size(); ++option) {
      const Chain& chain = part.options[option][d];
      for (const PerLevel* bounds : {&chain.time, &chain.x, &chain.y}) {
        known.next().insert(known.next().end(), bounds->begin(), bounds->begin() + depth);
      }
      const auto [number, is_new] = known.take();
      if (is_new) {
        KnownChain& one = chains[d].emplace_back(KnownChain{chain, loops_of(chain, depth), {}});
        for (int level = 0; level <= depth; ++level) {
          one.extent[static_cast<std::size_t>(level)] = extent_of(chain, level, depth);
        }
      }
      of_option[option][d] = number;
    }
    classify(d, depth);
  }
}

// Level by level from the outermost one inwards: what lies outside a level is what lies outside the next one,
// and the loops between.
void ChainTable::classify(std::size_t dim, int depth) {
  const std::vector<KnownChain>& own = chains[dim];
  outside[dim][0] =
      ChainClasses(own.size(), [&](std::uint32_t chain, Key& key) { key.push_back(own[chain].extent[0]); });
  for (int level = 0; level < depth; ++level) {
    const auto l = static_cast<std::size_t>(level);
    const std::vector<std::uint32_t>& before = outside[dim][l].of;
    outside[dim][l + 1] = ChainClasses(own.size(), [&](std::uint32_t chain, Key& key) {
      const Chain& bounds = own[chain].chain;
      key.insert(key.end(), {before[chain], bounds.time[l], bounds.x[l] * bounds.y[l]});
    });
  }
  spread[dim] =
      ChainClasses(outside[dim][static_cast<std::size_t>(depth)], [&](std::uint32_t chain, Key& key) {
        for (const ChainLoop& loop : own[chain].loops) {
          if (loop.spatial) {
            key.insert(key.end(), {loop.level, loop.bound, loop.stride});
          }
        }
      });
}

std::vector<std::uint32_t> first_alike(const ChainTable& table,
                                       const std::array<const ChainClasses*, kPartDims>& classes) {
  constexpr std::uint32_t kNone = UINT32_MAX;
  const ChainClasses& outer = *classes[0];
  const ChainClasses& inner = *classes[1];
  const std::size_t width = inner.first.size();
  std::vector<std::uint32_t> known(outer.first.size() * width, kNone);
  std::vector<std::uint32_t> first;
  first.reserve(table.of_option.size());
  for (const auto& chains : table.of_option) {
    std::uint32_t& one = known[outer.of[chains[0]] * width + inner.of[chains[1]]];
    one = one == kNone ? static_cast<std::uint32_t>(first.size()) : one;
    first.push_back(one);
  }
  return first;
}

}  // namespace weft::exact
