// The weight-stationary array register by register: what tests/rtl/weight_stationary.sv does, in C++.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "tests/sim/golden/arrays.hpp"
#include "tests/sim/golden/registers.hpp"

namespace weft::testing {

class GoldenWeightStationary final : public WeightStationary {
 public:
  explicit GoldenWeightStationary(const ArrayShape& shape);
  [[nodiscard]] ArrayShape shape() const override { return shape_; }
  [[nodiscard]] Answer at(const Pins& pins) override;
  void clock() override;

 private:
  // What travels to the right, and down.
  struct Input {
    bool valid = false, first = false;
    std::int64_t word = 0;
  };
  struct Shift {
    bool valid = false;
    std::int64_t word = 0;
  };
  struct Unit {
    Input input;                         // handed to the right
    Shift shift;                         // handed down: the weight that stood in `next` before
    std::int64_t next = 0, current = 0;  // weights
    std::int64_t sum = 0;                // handed down
  };
  [[nodiscard]] bool enabled() const;
  [[nodiscard]] Unit after(int row, int col, const Input& input, const Shift& shift) const;

  ArrayShape shape_;
  Grid<Unit> units_;
  std::vector<DelayLine<Input>> left_;
  std::vector<DelayLine<Shift>> top_;
  bool loaded_ = false;  // a whole tile of weights stands in `next`
  Pins pins_;
  Answer answer_;
};

}  // namespace weft::testing
