// Laws and scaling: do they pass through the published numbers, and never step back?
// SPDX-License-Identifier: Apache-2.0
#include "energy_model/law.hpp"

#include <gtest/gtest.h>

#include "energy_model/scaling.hpp"
#include "energy_model/table.hpp"

namespace weft {
namespace {

TEST(Law, ConstantPolynomialAndPointsAtHand) {
  EXPECT_EQ(Law{}.at(7), 0);
  const Law quadratic{.form = Law::Form::kPolynomial, .coefficients = {1, 2, 3}, .per = 2};
  EXPECT_DOUBLE_EQ(quadratic.at(10), (1 + 20 + 300) / 2.0);
  // Doubling the size doubles the value up to 100, then multiplies it by four.
  const Law points{.form = Law::Form::kPoints, .points = {{10, 1}, {100, 10}, {200, 40}}};
  EXPECT_DOUBLE_EQ(points.at(10), 1);
  EXPECT_DOUBLE_EQ(points.at(20), 2);
  EXPECT_DOUBLE_EQ(points.at(100), 10);
  EXPECT_NEAR(points.at(400), 160, 1e-9);
  EXPECT_NEAR(points.at(5), 0.5, 1e-12);
}

TEST(DefaultTable, PassesThroughItsSources) {
  const EnergyTable table = EnergyTable::load("default_45nm");
  const EnergyTable::Laws& laws = table.laws();
  EXPECT_NEAR(laws.multiply.at(8), 0.2, 1e-6);  // Horowitz, ISSCC 2014
  EXPECT_NEAR(laws.multiply.at(32), 3.1, 1e-6);
  EXPECT_NEAR(laws.add.at(32), 0.1, 1e-12);
  EXPECT_NEAR(64 * laws.sram_read.at(8 * 8192), 10, 1e-9);
  EXPECT_NEAR(64 * laws.sram_read.at(8 * 32768), 20, 1e-9);
  EXPECT_NEAR(64 * laws.sram_read.at(8 * 1048576), 100, 1e-9);
  EXPECT_DOUBLE_EQ(64 * laws.dram.at("lpddr4").at(1), 512);
  // A pad of half a kilobyte costs as much as a 16 b MAC: the ratio of the Eyeriss papers.
  EXPECT_NEAR(16 * laws.regfile_read.at(4096) / (laws.multiply.at(16) + laws.add.at(32)), 1, 0.01);
}

TEST(DefaultTable, RegisterFilesAndSramsMeet) {
  const EnergyTable table = EnergyTable::load("default_45nm");
  const double bits = 2 * 1024 * 8;
  EXPECT_NEAR(table.laws().sram_read.at(bits) / table.laws().regfile_read.at(bits), 1, 0.11);
}

class Monotone : public testing::TestWithParam<std::string> {};

TEST_P(Monotone, LawsNeverFallWithSize) {
  const EnergyTable table = EnergyTable::load(GetParam());
  const EnergyTable::Laws& laws = table.laws();
  for (const Law* law : {&laws.multiply, &laws.add, &laws.regfile_read, &laws.sram_read, &laws.multiply_area,
                         &laws.add_area}) {
    double before = 0;
    for (double size = 1; size < 1e9; size *= 1.37) {
      EXPECT_GE(law->at(size), before * (1 - 1e-12)) << law->source << " at " << size;
      before = law->at(size);
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Energy, Monotone, testing::Values("default_45nm", "eyeriss_ratios"),
                         [](const auto& param_info) { return param_info.param; });

TEST(Scaling, EnergyByThePublishedPolynomials) {
  // LP45 at 1.0 V: 1.103 - 0.362 + 0.2767 = 1.0177; 65 nm at 1.0 V: 3.755 - 4.398 + 1.975 = 1.332.
  const Process from65{65, 1.0, Devices::kLowPower};
  EXPECT_NEAR(energy_factor(from65, {45, 1.0, Devices::kLowPower}), 1.0177 / 1.332, 1e-12);
  // HP16 at 0.8 V: 0.2958 x 0.64 - 0.1241 x 0.8 + 0.03024 = 0.120272.
  const Process high65{65, 1.0, Devices::kHighPerformance};
  EXPECT_NEAR(energy_factor(high65, {16, 0.8, Devices::kHighPerformance}), 0.120272 / 1.332, 1e-12);
}

TEST(Scaling, AreaByThePublishedTable) {
  EXPECT_DOUBLE_EQ(area_factor(45, 65), 1.5);
  EXPECT_DOUBLE_EQ(area_factor(45, 7), 0.059);
  EXPECT_DOUBLE_EQ(area_factor(90, 90), 1);
  EXPECT_NEAR(area_factor(65, 45) * area_factor(45, 28) * area_factor(28, 65), 1, 1e-12);
}

TEST(Scaling, SmallerNodesAndLowerVoltagesNeverCostMore) {
  const Process from;
  double energy_before = 0;
  double area_before = 0;
  for (double nm = 5; nm < 120; nm *= 1.05) {
    const double here = energy_factor(from, {nm, 0.9, from.devices});
    EXPECT_GE(here, energy_before * (1 - 1e-12)) << nm;
    energy_before = here;
    EXPECT_GE(area_factor(45, nm), area_before * (1 - 1e-12)) << nm;
    area_before = area_factor(45, nm);
  }
  double before = 0;
  for (double volts = 0.6; volts < 1.3; volts += 0.05) {
    EXPECT_GE(energy_factor(from, {45, volts, from.devices}), before);
    before = energy_factor(from, {45, volts, from.devices});
  }
}

}  // namespace
}  // namespace weft
