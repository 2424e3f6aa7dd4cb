// The pins of the systolic arrays that tests compare: one interface for the register-level model in C++ and
// for the Verilated SystemVerilog of tests/rtl, whose headers draw the cycles.
//
// A cycle is: at() with what stands at the inputs gives what stands at the outputs; clock() is the edge that
// ends it. Words are two's complement of the shape's widths, held in 64 bits.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <vector>

namespace weft::testing {

using Words = std::vector<std::int64_t>;

struct ArrayShape {
  int rows = 8, cols = 8;
  int operand_bits = 8, sum_bits = 32;
  bool double_buffered = true;  // weight-stationary: the next weights shift in while these are in use
};

// What leaves the bottom of each column.
struct Sums {
  std::vector<std::uint8_t> valid;
  Words words;  // meaningful where valid
  [[nodiscard]] bool any() const;
};

class WeightStationary {
 public:
  struct Pins {
    bool w_valid = false, w_last = false;
    Words w;  // one per column
    bool x_valid = false, x_first = false, x_last = false;
    Words x;  // one per row
    bool sum_ready = true;
  };
  struct Answer {
    bool w_ready = false, x_ready = false;
    Sums sums;
  };
  virtual ~WeightStationary() = default;
  [[nodiscard]] virtual ArrayShape shape() const = 0;
  [[nodiscard]] virtual Answer at(const Pins& pins) = 0;
  virtual void clock() = 0;
};

class OutputStationary {
 public:
  struct Pins {
    bool valid = false, first = false, last = false;
    int rows = 1;  // rows in use, the bottom ones
    Words x, w;    // one per row, one per column
    bool sum_ready = true;
  };
  struct Answer {
    bool ready = false;
    Sums sums;
  };
  virtual ~OutputStationary() = default;
  [[nodiscard]] virtual ArrayShape shape() const = 0;
  [[nodiscard]] virtual Answer at(const Pins& pins) = 0;
  virtual void clock() = 0;
};

// The low `bits` of a value as a two's complement number.
[[nodiscard]] std::int64_t wrapped(std::int64_t value, int bits);

}  // namespace weft::testing
