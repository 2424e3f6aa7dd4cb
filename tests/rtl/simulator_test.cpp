// How far are the simulator's cycles from those of the RTL, on products that fill the arrays and that do not,
// and are the outputs equal? docs/validation.md holds the tables that this prints.
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cmath>
#include <iostream>
#include <string>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "tests/rtl/verilated_arrays.hpp"
#include "tests/sim/golden/simulated.hpp"

namespace weft::testing {
namespace {

// The index of an array of this kind among those that were built.
std::size_t built(const ArrayKind& kind) {
  const auto& shapes = kind.stationary == ArrayKind::Stationary::kWeights
                           ? verilated_weight_stationary_shapes()
                           : verilated_output_stationary_shapes();
  const auto at = std::find_if(shapes.begin(), shapes.end(), [&](const ArrayShape& shape) {
    return shape.rows == kind.size && shape.cols == kind.size;
  });
  return static_cast<std::size_t>(at - shapes.begin());
}

ArrayRun run_rtl(const ArrayKind& kind, const Product& product, const TileExtents& extents) {
  if (kind.stationary == ArrayKind::Stationary::kWeights) {
    const auto array = make_verilated_weight_stationary(built(kind));
    return run(*array, product, weight_stationary_tiles(product, extents));
  }
  const auto array = make_verilated_output_stationary(built(kind));
  return run(*array, product, output_stationary_tiles(product, extents));
}

// Errors over the rows.
struct Errors {
  double sum = 0, worst = 0;
  int rows = 0;
  double add(std::int64_t cycles, std::int64_t rtl) {
    const double error = static_cast<double>(cycles) / static_cast<double>(rtl) - 1;
    sum += std::abs(error);
    worst = std::max(worst, std::abs(error));
    ++rows;
    return error;
  }
  [[nodiscard]] std::string text() const {
    return fmt::format("mean absolute error {:.2f} %, worst {:.2f} %", 100 * sum / rows, 100 * worst);
  }
};

void compare(const ArrayKind& kind) {
  std::cout << kind.name()
            << "\n| M x N x K | inputs per tile | RTL | simulated | error | analytic model | error |\n"
            << "|---|---|---|---|---|---|---|\n";
  Rng rng(1);
  Errors simulator;
  Errors model;
  for (const SizedProduct& p : sized_products()) {
    const Product product = random_product(p.m, p.n, p.k, 8, rng);
    const TileExtents extents = extents_on(kind, p);
    const ArrayRun rtl = run_rtl(kind, product, extents);
    const ArrayRun simulated = simulate(kind, product, extents);
    const std::int64_t modelled = predicted(kind, product, extents);
    const double error = simulator.add(simulated.cycles, rtl.cycles);
    const std::string row = fmt::format("| {} x {} x {} | {} | {} | {} | {:.2f} % | {} | {:.2f} % |", p.m,
                                        p.n, p.k, extents.m, rtl.cycles, simulated.cycles, 100 * error,
                                        modelled, 100 * model.add(modelled, rtl.cycles));
    std::cout << row << '\n';
    EXPECT_EQ(simulated.c, rtl.c) << row;
    EXPECT_LE(std::abs(error), 0.02) << row;
  }
  std::cout << simulator.rows << " products; simulator: " << simulator.text()
            << "; analytic model: " << model.text() << '\n';
}

TEST(SimulatorAgainstRtl, WeightStationary8x8) {
  compare({ArrayKind::Stationary::kWeights, 8});
}
TEST(SimulatorAgainstRtl, WeightStationary16x16) {
  compare({ArrayKind::Stationary::kWeights, 16});
}
TEST(SimulatorAgainstRtl, OutputStationary8x8) {
  compare({ArrayKind::Stationary::kOutputs, 8});
}
TEST(SimulatorAgainstRtl, OutputStationary16x16) {
  compare({ArrayKind::Stationary::kOutputs, 16});
}

}  // namespace
}  // namespace weft::testing
