// How far is the simulator, which knows tiles, from one with a process for every row of the array? Every
// layer of ResNet-50 on three arrays; on random machines what must not differ.
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cmath>
#include <string>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "tests/differential/resnet50_programs.hpp"
#include "tests/sim/forked.hpp"
#include "tests/support/generators.hpp"

namespace weft {
namespace {

constexpr sim::Options kRows{.detail = sim::Options::Detail::kRows};

class Rows : public ::testing::TestWithParam<const char*> {};

TEST_P(Rows, TakeAsLongAsTiles) {
  const Accelerator accelerator = load_accelerator(GetParam());
  const auto [names, programs] = testing::resnet50_programs(accelerator, {.rows = true});
  const auto tiles = testing::simulate(accelerator, programs);
  const auto rows = testing::simulate(accelerator, programs, kRows);
  double sum = 0;
  double worst = 0;
  std::string text;
  for (std::size_t i = 0; i < programs.size(); ++i) {
    const double error = tiles[i].exact_cycles / rows[i].exact_cycles - 1;
    sum += std::abs(error);
    worst = std::max(worst, std::abs(error));
    text += fmt::format("{:30} {:2} rows {:12.1f} tiles {:12.1f} rows {:+.2f} %\n", names[i],
                        programs[i].rows->count, tiles[i].exact_cycles, rows[i].exact_cycles, 100 * error);
    EXPECT_EQ(rows[i].macs, tiles[i].macs);
  }
  const double mean = sum / static_cast<double>(programs.size());
  RecordProperty("layers", static_cast<int>(programs.size()));
  RecordProperty("mean_percent", std::to_string(100 * mean));
  RecordProperty("worst_percent", std::to_string(100 * worst));
  EXPECT_GT(programs.size(), 20U);
  EXPECT_LT(mean, 0.02) << text;
  EXPECT_LT(worst, 0.05) << text;
}

INSTANTIATE_TEST_SUITE_P(Arrays, Rows, ::testing::Values("eyeriss", "gemmini", "shidiannao"));

// What is moved and computed does not depend on the detail, and every cycle has an owner in both.
TEST(RowsOfRandomMachines, MoveTheSameWordsAndAccountForEveryCycle) {
  testing::for_each_seed(8200, 150, [](std::uint64_t seed) {
    const testing::Triple triple = testing::random_triple(seed);
    const Program program = lower(triple.mapping, triple.problem, triple.accelerator, {.rows = true});
    const auto tiles = testing::simulate(triple.accelerator, program);
    const auto rows = testing::simulate(triple.accelerator, program, kRows);
    for (std::size_t l = 0; l < tiles.levels.size(); ++l) {
      for (std::size_t r = 0; r < kRoles; ++r) {
        const sim::MeasuredTensor& a = tiles.levels[l].tensors[r];
        const sim::MeasuredTensor& b = rows.levels[l].tensors[r];
        EXPECT_TRUE(a.fills == b.fills && a.reads == b.reads && a.updates == b.updates &&
                    a.drains == b.drains)
            << describe(triple);
      }
    }
    EXPECT_NEAR(testing::sum_of(rows.stalls), rows.exact_cycles, 1e-6) << describe(triple);
    if (program.rows->count == 1) {
      EXPECT_EQ(rows.exact_cycles, tiles.exact_cycles) << describe(triple);
    }
  });
}

}  // namespace
}  // namespace weft
