// The chains of a part, each once, and which of them a question cannot tell apart.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

#include "base/known_keys.hpp"
#include "mapper/exact/factors.hpp"

namespace weft::exact {

struct KnownChain {
  Chain chain;
  Loops loops;
  std::array<std::int64_t, kMaxDepth + 1> extent{};  // [level]: of its tile; last: of one compute unit
};

// Chains of one dim with the same key.
struct ChainClasses {
  std::vector<std::uint32_t> of{0};     // [chain]: its class
  std::vector<std::uint32_t> first{0};  // [class]: a chain of it

  ChainClasses() = default;  // of an absent dim
  // key_of(number of a chain, words to append to)
  template <typename KeyOf>
  ChainClasses(std::size_t chains, const KeyOf& key_of) {
    of.clear();
    first.clear();
    KnownKeys known(chains);
    of.reserve(chains);
    for (std::uint32_t chain = 0; chain < chains; ++chain) {
      key_of(chain, known.next());
      const auto [own, is_new] = known.take();
      if (is_new) {
        first.push_back(chain);
      }
      of.push_back(own);
    }
  }
  // Those of `finer`, put together where their first chains have the same key.
  template <typename KeyOf>
  ChainClasses(const ChainClasses& finer, const KeyOf& key_of)
      : ChainClasses(finer.first.size(),
                     [&](std::uint32_t own, Key& key) { key_of(finer.first[own], key); }) {
    std::vector<std::uint32_t> of_chain;
    of_chain.reserve(finer.of.size());
    for (const std::uint32_t own : finer.of) {
      of_chain.push_back(of[own]);
    }
    of = std::move(of_chain);
    for (std::uint32_t& one : first) {
      one = finer.first[one];
    }
  }
};

struct ChainTable {
  ChainTable(const Part& part, int depth);
  std::array<std::vector<KnownChain>, kPartDims> chains;        // [dim of the part]; none: a part of one dim
  std::vector<std::array<std::uint32_t, kPartDims>> of_option;  // [option]: its chains' numbers
  // [dim of the part][level]: chains with the same loops outside the level, but for how instances side by
  // side are shared out between the axes.
  std::array<std::array<ChainClasses, kMaxDepth + 1>, kPartDims> outside;
  // [dim of the part]: chains with the same spatial loops at the same places of the dim, likewise.
  std::array<ChainClasses, kPartDims> spread;

 private:
  void classify(std::size_t dim, int depth);
};

// For every option the first whose chains are of the same classes.
[[nodiscard]] std::vector<std::uint32_t> first_alike(
    const ChainTable& table, const std::array<const ChainClasses*, kPartDims>& classes);

}  // namespace weft::exact
