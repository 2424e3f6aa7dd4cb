// The output-stationary array register by register: what tests/rtl/output_stationary.sv does, in C++.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "tests/sim/golden/arrays.hpp"
#include "tests/sim/golden/registers.hpp"

namespace weft::testing {

class GoldenOutputStationary final : public OutputStationary {
 public:
  explicit GoldenOutputStationary(const ArrayShape& shape);
  [[nodiscard]] ArrayShape shape() const override { return shape_; }
  [[nodiscard]] Answer at(const Pins& pins) override;
  void clock() override;

 private:
  // What travels to the right.
  struct Input {
    bool valid = false, first = false, last = false;
    std::int64_t word = 0;
  };
  struct Unit {
    Input input;              // handed to the right
    std::int64_t weight = 0;  // handed down
    std::int64_t sum = 0;
    std::int64_t result = 0;  // the last tile's, on its way down
  };
  // A tile that leaves: its rows, of which `gone` have left.
  struct Drain {
    int rows = 0, gone = 0;
    [[nodiscard]] bool going() const { return gone < rows; }
  };
  [[nodiscard]] bool enabled() const;
  // The drain at the bottom of column 0 in this cycle.
  [[nodiscard]] Drain draining(int finished_rows) const;
  [[nodiscard]] Unit after(int row, int col, const Input& input, std::int64_t weight,
                           const Drain& drain) const;

  ArrayShape shape_;
  Grid<Unit> units_;
  std::vector<DelayLine<Input>> left_;
  std::vector<DelayLine<std::int64_t>> top_;
  std::vector<DelayLine<Drain>> control_;
  DelayLine<int> finishing_;  // rows of a tile whose last slice is on its way to the bottom row; 0: none
  Drain drain_;
  int room_in_ = 0;  // cycles until a last slice may enter
  Pins pins_;
  Answer answer_;
};

}  // namespace weft::testing
