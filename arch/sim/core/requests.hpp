// The requests that moving a region of a tensor makes of the memory that holds it: where a tensor's words
// lie, and how a box of them falls into contiguous pieces. No time, no SystemC.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <vector>

#include "arch/program.hpp"
#include "arch/spec/timing.hpp"

namespace weft::sim {

// The three tensors of a problem behind each other, each from a new page on.
class AddressMap {
 public:
  // `word_bits`: as the memory stores them.
  AddressMap(const Problem& problem, const PerRole<int>& word_bits, Layout layout);

  // Calls `request(first bit, bits)` for every piece of at most `most` bits; pieces hold whole words, at
  // least one. `box`: one ascending set of coordinates per rank, in the problem's order.
  using Visit = std::function<void(std::int64_t address, std::int64_t bits)>;
  void requests(Role role, const std::vector<const IndexSet*>& box, std::int64_t most,
                const Visit& request) const;

 private:
  struct Place {
    std::vector<std::size_t> order;   // ranks, the contiguous one last
    std::vector<std::int64_t> words;  // per rank of `order`: words from one coordinate to the next
    std::int64_t begin = 0;           // bits
    int word_bits = 8;
  };
  PerRole<Place> places_;
};

// The ranks of a tensor as they lie in a memory, the contiguous one last.
[[nodiscard]] std::vector<std::size_t> rank_order(const Problem& problem, Role role, Layout layout);

// The words fetched with a tile: its coordinates, or all between the first and the last of each rank and, in
// a strided window, up to the end of the last stride.
[[nodiscard]] IndexSet fetched(const IndexSet& touched, const Rank& rank, Fetch fetch);

}  // namespace weft::sim
