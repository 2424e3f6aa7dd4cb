// Products of a Cartesian array on their way to the banks that hold their sums, with the non-zeros where they
// are. No time, no SystemC.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <vector>

#include "arch/sim/core/stretches.hpp"

namespace weft::sim {

// A non-zero word, by its indices along some dims.
using Found = std::vector<std::int64_t>;

// Non-zeros of an operand over products of index sets, the last dim fastest; other dims as in `fixed` (by
// dim; -1: none).
[[nodiscard]] std::vector<Found> list_nonzeros(const TensorShape& tensor, const Bitmap& positions,
                                               const std::vector<std::int64_t>& fixed,
                                               const std::vector<int>& dims,
                                               const std::vector<const UnitClasses::Class*>& own);

// How an output's place follows from a weight and an input.
struct Window {
  int position = -1, tap = -1;        // places in the lists of indices: of the input, of both; -1: none
  std::int64_t stride = 1, step = 1;  // inputs from one position to the next, from one tap to the next
};

// Cycles that vectors of weights times vectors of inputs of one channel take, weights in the inner loop, over
// those they would take without conflicts; of very many the first ones.
class BankConflicts {
 public:
  BankConflicts(const Skip& skip, std::vector<Window> windows, std::size_t taps);
  void add(const std::vector<Found>& weights, const std::vector<Found>& inputs);
  // 1 when nothing was added.
  [[nodiscard]] double share() const {
    return without_ == 0 ? 1 : static_cast<double>(with_) / static_cast<double>(without_);
  }

 private:
  [[nodiscard]] std::int64_t bank(const Found& weight, const Found& input) const;
  const Skip& skip_;
  std::vector<Window> windows_;
  std::size_t taps_;  // the first of a weight's indices; the others are its filters
  std::vector<std::int64_t> extents_;
  std::int64_t with_ = 0, without_ = 0;
};

}  // namespace weft::sim
