// The options of one part as a tree: first where its dims are spread, then the temporal bounds of the
// innermost level, of the next, and so on. A node knows the least (or greatest) of every factor below it.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <vector>

#include "mapper/exact/factors.hpp"
#include "mapper/exact/kinds.hpp"

namespace weft::exact {

struct TrieNode {
  int first_child = 0, children = 0;  // 0: a leaf, that is one option
  int option = -1;
  Mentioned mentioned = 0;  // by some temporal loop of the level, in every option below
};

class Trie {
 public:
  // Phases from the root: 0 spreads, 1 .. depth - 1 bound the temporal loops of levels depth - 1 .. 1.
  Trie(const MapSpace& space, const Layout& layout, Part part);
  // The same tree for other dims: those of a twin (parts.hpp).
  Trie(const Trie& twin, std::vector<int> dims) : Trie(twin) { part_.dims = std::move(dims); }

  [[nodiscard]] const Part& part() const { return part_; }
  [[nodiscard]] int nodes() const { return static_cast<int>(nodes_.size()); }
  [[nodiscard]] const TrieNode& node(int index) const { return nodes_[static_cast<std::size_t>(index)]; }
  [[nodiscard]] const double* least(int index) const {
    return least_.data() + static_cast<std::size_t>(index) * width_;
  }
  [[nodiscard]] const double* greatest(int index) const {
    return greatest_.data() + static_cast<std::size_t>(index) * width_;
  }

 private:
  void summarise(int node, std::size_t begin, std::size_t end, const Factors& factors);

  const MapSpace* space_;
  Part part_;
  std::size_t width_;
  std::vector<TrieNode> nodes_;
  std::vector<double> least_, greatest_;
};

}  // namespace weft::exact
