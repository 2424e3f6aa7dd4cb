// See weight_stationary.hpp.
// SPDX-License-Identifier: Apache-2.0
#include "tests/sim/golden/weight_stationary.hpp"

#include <algorithm>
#include <utility>

namespace weft::testing {

std::int64_t wrapped(std::int64_t value, int bits) {
  const int unused = 64 - bits;
  return static_cast<std::int64_t>(static_cast<std::uint64_t>(value) << unused) >> unused;
}

bool Sums::any() const {
  return std::any_of(valid.begin(), valid.end(), [](std::uint8_t v) { return v != 0; });
}

GoldenWeightStationary::GoldenWeightStationary(const ArrayShape& shape)
    : shape_(shape), units_(shape.rows, shape.cols) {
  for (int r = 0; r < shape.rows; ++r) {
    left_.emplace_back(r);
  }
  for (int c = 0; c < shape.cols; ++c) {
    top_.emplace_back(c);
  }
}

bool GoldenWeightStationary::enabled() const {
  return !answer_.sums.any() || pins_.sum_ready;
}

WeightStationary::Answer GoldenWeightStationary::at(const Pins& pins) {
  pins_ = pins;
  answer_ = {};
  for (int c = 0; c < shape_.cols; ++c) {
    const Unit& bottom = units_.at(shape_.rows - 1, c);
    answer_.sums.valid.push_back(bottom.input.valid ? 1 : 0);
    answer_.sums.words.push_back(bottom.sum);
  }
  if (enabled()) {
    // A double-buffered tile of weights makes room when its first input takes it into use, a single one when
    // its last input is through.
    const bool makes_room = shape_.double_buffered && pins.x_valid && pins.x_first;
    answer_.w_ready = !loaded_ || makes_room;
    answer_.x_ready = loaded_ || (shape_.double_buffered && !pins.x_first);
  }
  return answer_;
}

GoldenWeightStationary::Unit GoldenWeightStationary::after(int row, int col, const Input& input,
                                                           const Shift& shift) const {
  const Unit& now = units_.at(row, col);
  const std::int64_t weight = input.first || !shape_.double_buffered ? now.next : now.current;
  const std::int64_t above = row == 0 ? 0 : units_.at(row - 1, col).sum;
  Unit then;
  then.input = input;
  then.shift = {shift.valid, now.next};
  then.next = shift.valid ? shift.word : now.next;
  then.current = input.valid ? weight : now.current;
  then.sum = wrapped(above + input.word * weight, shape_.sum_bits);
  return then;
}

void GoldenWeightStationary::clock() {
  if (!enabled()) {
    return;
  }
  const bool x_taken = pins_.x_valid && answer_.x_ready;
  const bool w_taken = pins_.w_valid && answer_.w_ready;
  Grid<Unit> then(shape_.rows, shape_.cols);
  for (int r = 0; r < shape_.rows; ++r) {
    const Input entering{x_taken, x_taken && pins_.x_first, pins_.x[static_cast<std::size_t>(r)]};
    auto& skew = left_[static_cast<std::size_t>(r)];
    for (int c = 0; c < shape_.cols; ++c) {
      const Shift pushed{w_taken, pins_.w[static_cast<std::size_t>(c)]};
      const Input& input = c == 0 ? skew.end(entering) : units_.at(r, c - 1).input;
      const Shift& shift = r == 0 ? top_[static_cast<std::size_t>(c)].end(pushed) : units_.at(r - 1, c).shift;
      then.at(r, c) = after(r, c, input, shift);
    }
    skew.clock(entering);
  }
  for (int c = 0; c < shape_.cols; ++c) {
    top_[static_cast<std::size_t>(c)].clock({w_taken, pins_.w[static_cast<std::size_t>(c)]});
  }
  units_ = std::move(then);
  if (w_taken && pins_.w_last) {
    loaded_ = true;
  } else if (x_taken && (shape_.double_buffered ? pins_.x_first : pins_.x_last)) {
    loaded_ = false;
  }
}

}  // namespace weft::testing
