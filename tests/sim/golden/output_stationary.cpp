// See output_stationary.hpp.
// SPDX-License-Identifier: Apache-2.0
#include "tests/sim/golden/output_stationary.hpp"

#include <utility>

namespace weft::testing {

GoldenOutputStationary::GoldenOutputStationary(const ArrayShape& shape)
    : shape_(shape), units_(shape.rows, shape.cols), finishing_(shape.rows) {
  for (int r = 0; r < shape.rows; ++r) {
    left_.emplace_back(r);
  }
  for (int c = 0; c < shape.cols; ++c) {
    top_.emplace_back(c);
    control_.emplace_back(c);
  }
}

bool GoldenOutputStationary::enabled() const {
  return !answer_.sums.any() || pins_.sum_ready;
}

GoldenOutputStationary::Drain GoldenOutputStationary::draining(int finished_rows) const {
  return finished_rows > 0 ? Drain{finished_rows, 0} : drain_;
}

OutputStationary::Answer GoldenOutputStationary::at(const Pins& pins) {
  pins_ = pins;
  answer_ = {};
  const Drain drain = draining(finishing_.end(0));
  for (int c = 0; c < shape_.cols; ++c) {
    answer_.sums.valid.push_back(control_[static_cast<std::size_t>(c)].end(drain).going() ? 1 : 0);
    answer_.sums.words.push_back(units_.at(shape_.rows - 1, c).result);
  }
  answer_.ready = enabled() && (!pins.last || room_in_ == 0);
  return answer_;
}

GoldenOutputStationary::Unit GoldenOutputStationary::after(int row, int col, const Input& input,
                                                           std::int64_t weight, const Drain& drain) const {
  const Unit& now = units_.at(row, col);
  const std::int64_t grown = wrapped((input.first ? 0 : now.sum) + input.word * weight, shape_.sum_bits);
  // Results from above still pass this row while those that have left are fewer than it and the rows in use
  // above.
  const int rows_down_to_here = row - (shape_.rows - drain.rows);
  Unit then;
  then.input = input;
  then.weight = weight;
  then.sum = input.valid ? grown : now.sum;
  then.result = now.result;
  if (input.valid && input.last) {
    then.result = grown;
  } else if (drain.going() && drain.gone < rows_down_to_here) {
    then.result = row == 0 ? 0 : units_.at(row - 1, col).result;
  }
  return then;
}

void GoldenOutputStationary::clock() {
  if (!enabled()) {
    return;
  }
  const bool taken = pins_.valid && answer_.ready;
  const int finishing = taken && pins_.last ? pins_.rows : 0;
  Drain drain = draining(finishing_.end(finishing));
  Grid<Unit> then(shape_.rows, shape_.cols);
  for (int r = 0; r < shape_.rows; ++r) {
    const Input entering{taken, pins_.first, pins_.last, pins_.x[static_cast<std::size_t>(r)]};
    auto& skew = left_[static_cast<std::size_t>(r)];
    for (int c = 0; c < shape_.cols; ++c) {
      const auto column = static_cast<std::size_t>(c);
      const Input& input = c == 0 ? skew.end(entering) : units_.at(r, c - 1).input;
      const std::int64_t weight = r == 0 ? top_[column].end(pins_.w[column]) : units_.at(r - 1, c).weight;
      then.at(r, c) = after(r, c, input, weight, control_[column].end(drain));
    }
    skew.clock(entering);
  }
  for (int c = 0; c < shape_.cols; ++c) {
    const auto column = static_cast<std::size_t>(c);
    top_[column].clock(pins_.w[column]);
    control_[column].clock(drain);
  }
  units_ = std::move(then);
  finishing_.clock(finishing);
  if (drain.going()) {
    ++drain.gone;
  }
  drain_ = drain;
  if (finishing > 0) {
    room_in_ = finishing - 1;
  } else if (room_in_ > 0) {
    --room_in_;
  }
}

}  // namespace weft::testing
