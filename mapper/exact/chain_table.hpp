// The chains of a part, each once, and which of them a question cannot tell apart.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <unordered_map>
#include <vector>

#include <boost/container/small_vector.hpp>
#include <boost/functional/hash.hpp>

#include "mapper/exact/factors.hpp"

namespace weft::exact {

inline constexpr std::size_t kPartDims = 2;  // at most

struct KnownChain {
  Chain chain;
  Loops loops;
  std::array<std::int64_t, kMaxDepth + 1> extent{};  // [level]: of its tile; last: of one compute unit
};

struct ChainTable {
  ChainTable(const Part& part, int depth);
  std::array<std::vector<KnownChain>, kPartDims> chains;        // [dim of the part]; none: a part of one dim
  std::vector<std::array<std::uint32_t, kPartDims>> of_option;  // [option]: its chains' numbers
};

using ChainKey = boost::container::small_vector<std::int64_t, 24>;
struct ChainKeyHash {
  std::size_t operator()(const ChainKey& key) const { return boost::hash_range(key.begin(), key.end()); }
};

// Chains of one dim with the same key.
struct ChainClasses {
  std::vector<std::uint32_t> of{0};     // [chain]: its class
  std::vector<std::uint32_t> first{0};  // [class]: a chain of it

  ChainClasses() = default;  // of an absent dim
  template <typename KeyOf>
  ChainClasses(const std::vector<KnownChain>& chains, const KeyOf& key_of) {
    of.clear();
    first.clear();
    std::unordered_map<ChainKey, std::uint32_t, ChainKeyHash> known;
    ChainKey key;
    for (const KnownChain& chain : chains) {
      key.clear();
      key_of(chain, key);
      const auto [at, is_new] = known.emplace(key, static_cast<std::uint32_t>(first.size()));
      if (is_new) {
        first.push_back(static_cast<std::uint32_t>(of.size()));
      }
      of.push_back(at->second);
    }
  }
};

// For every option the first whose chains are of the same classes.
[[nodiscard]] std::vector<std::uint32_t> first_alike(
    const ChainTable& table, const std::array<const ChainClasses*, kPartDims>& classes);

}  // namespace weft::exact
