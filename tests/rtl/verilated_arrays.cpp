// See verilated_arrays.hpp.
// SPDX-License-Identifier: Apache-2.0
#include "tests/rtl/verilated_arrays.hpp"

#include <verilated.h>

#include "Vos_16x16.h"
#include "Vos_8x4_wide.h"
#include "Vos_8x8.h"
#include "Vws_16x16.h"
#include "Vws_4x8_single.h"
#include "Vws_8x8.h"

namespace weft::testing {

namespace {

// Pins of Verilator are unsigned words that hold the low bits.
template <class Pin>
void drive(Pin& pin, std::int64_t word, int bits) {
  const std::uint64_t mask = (std::uint64_t{1} << bits) - 1;
  pin = static_cast<Pin>(static_cast<std::uint64_t>(word) & mask);
}

template <class Ports, class Words>
void drive_all(Ports& ports, const Words& words, int bits) {
  for (std::size_t i = 0; i < words.size(); ++i) {
    drive(ports[i], words[i], bits);
  }
}

template <class Model>
class Clocked {
 public:
  Clocked() : model_(&context_) {
    model_.rst = 1;
    edge();
    model_.rst = 0;
  }
  ~Clocked() { model_.final(); }

 protected:
  void edge() {
    model_.clk = 0;
    model_.eval();
    model_.clk = 1;
    model_.eval();
  }
  [[nodiscard]] Sums sums(const ArrayShape& shape) {
    Sums result;
    for (int c = 0; c < shape.cols; ++c) {
      const auto column = static_cast<std::size_t>(c);
      result.valid.push_back(model_.sum_valid[column]);
      result.words.push_back(wrapped(static_cast<std::int64_t>(model_.sum[column]), shape.sum_bits));
    }
    return result;
  }
  VerilatedContext context_;
  Model model_;
};

template <class Model>
class VerilatedWeightStationary final : public WeightStationary, private Clocked<Model> {
 public:
  explicit VerilatedWeightStationary(const ArrayShape& shape) : shape_(shape) {}
  [[nodiscard]] ArrayShape shape() const override { return shape_; }
  [[nodiscard]] Answer at(const Pins& pins) override {
    Model& model = this->model_;
    model.w_valid = pins.w_valid;
    model.w_last = pins.w_last;
    model.x_valid = pins.x_valid;
    model.x_first = pins.x_first;
    model.x_last = pins.x_last;
    model.sum_ready = pins.sum_ready;
    drive_all(model.w, pins.w, shape_.operand_bits);
    drive_all(model.x, pins.x, shape_.operand_bits);
    model.clk = 0;
    model.eval();
    return {model.w_ready != 0, model.x_ready != 0, this->sums(shape_)};
  }
  void clock() override { this->edge(); }

 private:
  ArrayShape shape_;
};

template <class Model>
class VerilatedOutputStationary final : public OutputStationary, private Clocked<Model> {
 public:
  explicit VerilatedOutputStationary(const ArrayShape& shape) : shape_(shape) {}
  [[nodiscard]] ArrayShape shape() const override { return shape_; }
  [[nodiscard]] Answer at(const Pins& pins) override {
    Model& model = this->model_;
    model.valid = pins.valid;
    model.first = pins.first;
    model.last = pins.last;
    drive(model.rows, pins.rows, 8);
    model.sum_ready = pins.sum_ready;
    drive_all(model.w, pins.w, shape_.operand_bits);
    drive_all(model.x, pins.x, shape_.operand_bits);
    model.clk = 0;
    model.eval();
    return {model.ready != 0, this->sums(shape_)};
  }
  void clock() override { this->edge(); }

 private:
  ArrayShape shape_;
};

}  // namespace

const std::vector<ArrayShape>& verilated_weight_stationary_shapes() {
  static const std::vector<ArrayShape> shapes = {
      {8, 8, 8, 32, true}, {16, 16, 8, 32, true}, {4, 8, 4, 10, false}};
  return shapes;
}

const std::vector<ArrayShape>& verilated_output_stationary_shapes() {
  static const std::vector<ArrayShape> shapes = {
      {8, 8, 8, 32, true}, {16, 16, 8, 32, true}, {8, 4, 16, 40, true}};
  return shapes;
}

std::unique_ptr<WeightStationary> make_verilated_weight_stationary(std::size_t shape) {
  const ArrayShape& built = verilated_weight_stationary_shapes().at(shape);
  switch (shape) {
    case 0:
      return std::make_unique<VerilatedWeightStationary<Vws_8x8>>(built);
    case 1:
      return std::make_unique<VerilatedWeightStationary<Vws_16x16>>(built);
    default:
      return std::make_unique<VerilatedWeightStationary<Vws_4x8_single>>(built);
  }
}

std::unique_ptr<OutputStationary> make_verilated_output_stationary(std::size_t shape) {
  const ArrayShape& built = verilated_output_stationary_shapes().at(shape);
  switch (shape) {
    case 0:
      return std::make_unique<VerilatedOutputStationary<Vos_8x8>>(built);
    case 1:
      return std::make_unique<VerilatedOutputStationary<Vos_16x16>>(built);
    default:
      return std::make_unique<VerilatedOutputStationary<Vos_8x4_wide>>(built);
  }
}

}  // namespace weft::testing
