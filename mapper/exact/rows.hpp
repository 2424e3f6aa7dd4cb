// The factors of a part's nodes in the order of one bound program's products, made when first asked for.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <memory>
#include <vector>

#include "mapper/exact/bound.hpp"
#include "mapper/exact/trie.hpp"

namespace weft::exact {

class Rows {
 public:
  Rows(const Trie& trie, int part) : trie_(&trie), part_(part) {}
  // Another program; what was made for the last one is forgotten.
  void begin(const BoundProgram& program);
  // One factor per product, padded with ones to a whole number of vectors.
  [[nodiscard]] const double* of(int node);
  // Products, padded.
  [[nodiscard]] static std::size_t width(const BoundProgram& program);
  [[nodiscard]] std::size_t width() const { return width_; }
  // Makes `into` the least (or greatest, where the bound asks for it) of both.
  void take(const double* row, double* into) const;

 private:
  struct Source {
    std::size_t index;
    bool greatest;
  };
  const Trie* trie_;
  int part_;
  std::size_t width_ = 0;
  std::size_t room_ = 0;  // doubles
  std::vector<Source> sources_;
  std::vector<std::size_t> greatest_;  // products
  std::unique_ptr<double[]> rows_;     // touched only where asked for
  std::vector<bool> made_;
};

}  // namespace weft::exact
