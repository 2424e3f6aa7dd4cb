// Counts non-zeros of an operand over products of index sets. No time, no SystemC.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <vector>

#include "arch/sim/core/stretches.hpp"

namespace weft::sim {

struct CountOptions {
  bool everything = false;  // zeros count as well
  bool outside = false;     // coordinates outside the tensor count, as words that are not zero
  std::int64_t window = 0;  // > 0: padding tokens too, one for every so many zeros before a non-zero
};

// Words counted over all index combinations of `own` classes when other dims have the indices in `fixed` (by
// dim; -1: not fixed).
class NonzeroCounter {
 public:
  // Keeps references.
  NonzeroCounter(const TensorShape& tensor, const Bitmap& positions, int dims);
  [[nodiscard]] std::int64_t count(const std::vector<std::int64_t>& fixed, const std::vector<int>& own_dims,
                                   const std::vector<const UnitClasses::Class*>& own,
                                   const CountOptions& options) const;

 private:
  struct Place {
    int rank = -1;  // none: the dim does not appear in the tensor
    std::int64_t coeff = 0;
  };
  struct Walk;
  void walk(Walk& state, std::size_t depth) const;
  void row(Walk& state, const UnitClasses::Class& last, const Place& place) const;
  [[nodiscard]] std::int64_t address(const std::vector<std::int64_t>& coordinates, int except) const;

  const TensorShape* tensor_;
  const Bitmap* positions_;
  std::vector<Place> places_;          // per dim
  std::vector<std::int64_t> strides_;  // per rank
};

}  // namespace weft::sim
