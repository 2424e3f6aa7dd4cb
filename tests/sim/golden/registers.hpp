// Pieces of the register-level models.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <deque>
#include <vector>

namespace weft::testing {

// A chain of `depth` registers; depth 0 is a wire.
template <class T>
class DelayLine {
 public:
  explicit DelayLine(int depth) : stages_(static_cast<std::size_t>(depth)) {}
  // What stands at the end while `in` stands at the beginning.
  [[nodiscard]] const T& end(const T& in) const { return stages_.empty() ? in : stages_.back(); }
  void clock(const T& in) {
    if (!stages_.empty()) {
      stages_.pop_back();
      stages_.push_front(in);
    }
  }

 private:
  std::deque<T> stages_;
};

// Rows times columns.
template <class T>
class Grid {
 public:
  Grid(int rows, int cols)
      : cols_(static_cast<std::size_t>(cols)), cells_(static_cast<std::size_t>(rows) * cols_) {}
  [[nodiscard]] T& at(int row, int col) {
    return cells_[static_cast<std::size_t>(row) * cols_ + static_cast<std::size_t>(col)];
  }
  [[nodiscard]] const T& at(int row, int col) const {
    return cells_[static_cast<std::size_t>(row) * cols_ + static_cast<std::size_t>(col)];
  }

 private:
  std::size_t cols_;
  std::vector<T> cells_;
};

}  // namespace weft::testing
