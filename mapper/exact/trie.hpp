// The options of one part as a tree: first where its dims are spread, then the temporal bounds of the
// innermost level, of the next, and so on. A node knows the least (or greatest) of every factor below it.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "mapper/exact/axes.hpp"
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

  [[nodiscard]] const Part& part() const { return part_; }
  [[nodiscard]] int nodes() const { return static_cast<int>(nodes_.size()); }
  [[nodiscard]] const TrieNode& node(int index) const { return nodes_[static_cast<std::size_t>(index)]; }
  // In the order of the layout.
  [[nodiscard]] const double* least(int index) const {
    const TrieNode& at = node(index);
    return at.children == 0 ? factors_.of(static_cast<std::size_t>(at.option))
                            : least_.data() + static_cast<std::size_t>(index) * layout_->size;
  }
  // Where all dims of the part are spread: [level], how its instances may lie.
  [[nodiscard]] std::span<const Rectangles> rectangles(int index) const {
    return rectangles_[static_cast<std::size_t>(index - nodes_.front().first_child)];
  }
  // Of one of Layout::above.
  [[nodiscard]] double greatest(int index, std::size_t factor) const;

 private:
  void build();
  void summarise();
  [[nodiscard]] std::vector<Rectangles> rectangles_of(std::size_t begin, std::size_t end) const;

  const MapSpace* space_;
  const Layout* layout_;
  Part part_;
  Factors factors_;
  std::vector<TrieNode> nodes_;
  std::vector<std::vector<Rectangles>> rectangles_;  // [child of the root][level]
  std::vector<double> least_;                        // [node]: of inner nodes
  std::vector<double> greatest_;                     // [node][Layout::above]
};

}  // namespace weft::exact
