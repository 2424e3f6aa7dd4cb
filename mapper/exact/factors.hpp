// What one way of splitting a part of the dims contributes to every quantity of the model.
//
// Dims that share a rank of a tensor (rows of outputs and of the kernel) form a part; parts are independent.
// Every count of words, every tile and the number of cycles is then a product with one factor per part, up to
// effects that this file bounds from below: which rank of a tensor slides depends on the order of the loops,
// and instances without work in the last round hold their tiles. docs/mapper_exact.md derives the bounds.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "mapper/exact/chains.hpp"
#include "mapper/exact/layout.hpp"

namespace weft::exact {

// Dims larger than 1 that share ranks, and the ways to split them.
struct Part {
  std::vector<int> dims;                    // one or two
  std::vector<std::vector<Chain>> options;  // [option][dim of the part]
};

class Factors {
 public:
  Factors(const MapSpace& space, const Layout& layout) : space_(&space), layout_(&layout) {}
  // Of one option.
  [[nodiscard]] std::vector<double> of(const Part& part, const std::vector<Chain>& option) const;
  // Of all options, one after the other.
  [[nodiscard]] std::vector<double> of_all(const Part& part) const;

 private:
  const MapSpace* space_;
  const Layout* layout_;
};

}  // namespace weft::exact
