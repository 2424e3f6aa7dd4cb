// SPDX-License-Identifier: Apache-2.0
#include "mapper/exact/chain_table.hpp"

namespace weft::exact {

namespace {

struct ChainHash {
  std::size_t operator()(const Chain& chain) const {
    std::size_t hash = 0;
    for (const PerLevel* bounds : {&chain.time, &chain.x, &chain.y}) {
      boost::hash_range(hash, bounds->begin(), bounds->end());
    }
    return hash;
  }
};

}  // namespace

ChainTable::ChainTable(const Part& part, int depth) : of_option(part.options.size()) {
  for (std::size_t d = 0; d < part.dims.size(); ++d) {
    std::unordered_map<Chain, std::uint32_t, ChainHash> known;
    for (std::size_t option = 0; option < part.options.size(); ++option) {
      const Chain& chain = part.options[option][d];
      const auto [at, is_new] = known.emplace(chain, static_cast<std::uint32_t>(chains[d].size()));
      if (is_new) {
        KnownChain& one = chains[d].emplace_back(KnownChain{chain, loops_of(chain, depth), {}});
        for (int level = 0; level <= depth; ++level) {
          one.extent[static_cast<std::size_t>(level)] = extent_of(chain, level, depth);
        }
      }
      of_option[option][d] = at->second;
    }
  }
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
