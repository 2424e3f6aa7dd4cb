// What one way of splitting a part of the dims contributes to every quantity of the model.
//
// Dims that share a rank of a tensor (rows of outputs and of the kernel) form a part; parts are independent.
// Every count of words, every tile and the number of cycles is then a product with one factor per part, up to
// effects that this file bounds from below: which rank of a tensor slides depends on the order of the loops,
// and instances without work in the last round hold their tiles. docs/mapper_exact.md derives the bounds.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "mapper/exact/chains.hpp"
#include "mapper/exact/layout.hpp"

namespace weft::exact {

// Dims larger than 1 that share ranks, and the ways to split them.
struct Part {
  std::vector<int> dims;       // one or two
  std::vector<Split> options;  // [option][dim of the part]
  // Which of its dims this one is, if any.
  [[nodiscard]] std::optional<std::size_t> place(int dim) const {
    const auto at = std::find(dims.begin(), dims.end(), dim);
    return at == dims.end() ? std::nullopt : std::optional(static_cast<std::size_t>(at - dims.begin()));
  }
  // Terms of the rank with a dim of the part.
  [[nodiscard]] std::size_t terms_of(const Rank& rank) const {
    return static_cast<std::size_t>(std::count_if(
        rank.terms.begin(), rank.terms.end(), [&](const Term& term) { return place(term.dim).has_value(); }));
  }
  // One dim of the part, no padding: tiles of different index are disjoint.
  [[nodiscard]] bool is_line(const Rank& rank, const Problem& problem) const {
    std::int64_t last = rank.offset;
    for (const Term& term : rank.terms) {
      last += place(term.dim) ? term.coeff * (problem.size(term.dim) - 1) : 0;
    }
    return terms_of(rank) == 1 && rank.offset >= 0 && last < rank.extent;
  }
};

// Factors of all options of a part. Options that a question cannot tell apart are answered once.
class Factors {
 public:
  Factors() = default;
  Factors(const MapSpace& space, const Layout& layout, const Part& part);
  // Of one option, in the order of the layout.
  [[nodiscard]] const double* of(std::size_t option) const { return all_.data() + option * width_; }

 private:
  std::size_t width_ = 0;
  std::vector<double> all_;
};

}  // namespace weft::exact
