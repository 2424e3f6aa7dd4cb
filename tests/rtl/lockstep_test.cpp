// Do the SystemVerilog arrays and the register-level models in C++ show the same at every pin in every cycle,
// whatever is offered and taken when?
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <stdexcept>
#include <string>

#include <gtest/gtest.h>

#include "tests/rtl/verilated_arrays.hpp"
#include "tests/sim/golden/drive.hpp"
#include "tests/sim/golden/output_stationary.hpp"
#include "tests/sim/golden/weight_stationary.hpp"
#include "tests/support/generators.hpp"

namespace weft::testing {
namespace {

void expect_same(bool golden, bool rtl, const char* pin, std::int64_t cycle) {
  if (golden != rtl) {
    throw std::runtime_error(std::string(pin) + " differs in cycle " + std::to_string(cycle));
  }
}

void expect_same(const Sums& golden, const Sums& rtl, std::int64_t cycle) {
  expect_same(golden.valid == rtl.valid, true, "sum_valid", cycle);
  for (std::size_t c = 0; c < golden.valid.size(); ++c) {
    expect_same(golden.valid[c] == 0 || golden.words[c] == rtl.words[c], true, "sum", cycle);
  }
}

void expect_same(const WeightStationary::Answer& golden, const WeightStationary::Answer& rtl,
                 std::int64_t cycle) {
  expect_same(golden.w_ready, rtl.w_ready, "w_ready", cycle);
  expect_same(golden.x_ready, rtl.x_ready, "x_ready", cycle);
  expect_same(golden.sums, rtl.sums, cycle);
}

void expect_same(const OutputStationary::Answer& golden, const OutputStationary::Answer& rtl,
                 std::int64_t cycle) {
  expect_same(golden.ready, rtl.ready, "ready", cycle);
  expect_same(golden.sums, rtl.sums, cycle);
}

// Both at once; throws where they part.
template <class Array>
class Lockstep final : public Array {
 public:
  Lockstep(Array& golden, Array& rtl) : golden_(golden), rtl_(rtl) {}
  [[nodiscard]] ArrayShape shape() const override { return golden_.shape(); }
  [[nodiscard]] typename Array::Answer at(const typename Array::Pins& pins) override {
    typename Array::Answer answer = golden_.at(pins);
    expect_same(answer, rtl_.at(pins), cycle_);
    return answer;
  }
  void clock() override {
    golden_.clock();
    rtl_.clock();
    ++cycle_;
  }

 private:
  Array& golden_;
  Array& rtl_;
  std::int64_t cycle_ = 0;
};

Product product_for(const ArrayShape& shape, Rng& rng) {
  const std::int64_t most = 3L * std::max(shape.rows, shape.cols);
  return random_product(rng.uniform(1, most), rng.uniform(1, most), rng.uniform(1, most), shape.operand_bits,
                        rng);
}

// Every third run without stalls, so that handshakes at full speed are seen too.
Hesitation hesitation_for(std::uint64_t seed, Rng& rng) {
  return seed % 3 == 0 ? Hesitation{0, 0, seed} : Hesitation{0.5 * rng.unit(), 0.5 * rng.unit(), seed};
}

void weight_stationary_in_lockstep(std::size_t which, int runs) {
  for_each_seed(1, runs, [&](std::uint64_t seed) {
    Rng rng(seed);
    const auto rtl = make_verilated_weight_stationary(which);
    const ArrayShape shape = rtl->shape();
    GoldenWeightStationary golden(shape);
    Lockstep<WeightStationary> both(golden, *rtl);
    const Product product = product_for(shape, rng);
    const TileExtents extents = {rng.uniform(1, product.m), rng.uniform(1, shape.cols),
                                 rng.uniform(1, shape.rows)};
    const ArrayRun result =
        run(both, product, weight_stationary_tiles(product, extents), hesitation_for(seed, rng));
    ASSERT_EQ(result.c, product_of(product, shape.sum_bits)) << "seed " << seed;
  });
}

void output_stationary_in_lockstep(std::size_t which, int runs) {
  for_each_seed(1, runs, [&](std::uint64_t seed) {
    Rng rng(seed);
    const auto rtl = make_verilated_output_stationary(which);
    const ArrayShape shape = rtl->shape();
    GoldenOutputStationary golden(shape);
    Lockstep<OutputStationary> both(golden, *rtl);
    const Product product = product_for(shape, rng);
    const TileExtents extents = {rng.uniform(1, shape.rows), rng.uniform(1, shape.cols), product.k};
    const ArrayRun result =
        run(both, product, output_stationary_tiles(product, extents), hesitation_for(seed, rng));
    ASSERT_EQ(result.c, product_of(product, shape.sum_bits)) << "seed " << seed;
  });
}

TEST(Lockstep, WeightStationary8x8) {
  weight_stationary_in_lockstep(0, 200);
}
TEST(Lockstep, WeightStationary16x16) {
  weight_stationary_in_lockstep(1, 60);
}
// 4 x 8 units with one weight each, operands of 4 bits, sums of 10 bits that overflow.
TEST(Lockstep, WeightStationarySingleBuffered) {
  weight_stationary_in_lockstep(2, 200);
}
TEST(Lockstep, OutputStationary8x8) {
  output_stationary_in_lockstep(0, 200);
}
TEST(Lockstep, OutputStationary16x16) {
  output_stationary_in_lockstep(1, 60);
}
// 8 x 4 units, operands of 16 bits, sums of 40 bits.
TEST(Lockstep, OutputStationaryWide) {
  output_stationary_in_lockstep(2, 200);
}

}  // namespace
}  // namespace weft::testing
