// How far is the simulator, which knows tiles, from one with a process for every row of the array? Every
// layer of ResNet-50 on three arrays; on random machines what must not differ.
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cmath>
#include <cstddef>
#include <optional>
#include <string>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "tests/differential/resnet50_programs.hpp"
#include "tests/sim/forked.hpp"
#include "tests/support/generators.hpp"

namespace weft {
namespace {

constexpr sim::Options kRows{.detail = sim::Options::Detail::kRows};

struct Errors {
  double mean = 0, worst = 0;
  std::size_t layers = 0;
  std::string text;
};

// Of cycles with tiles over cycles with rows - 1, in absolute value, over the layers of ResNet-50.
Errors errors_on(const Accelerator& accelerator) {
  const auto [names, programs] = testing::resnet50_programs(accelerator, {.rows = true});
  const auto tiles = testing::simulate(accelerator, programs);
  const auto rows = testing::simulate(accelerator, programs, kRows);
  Errors errors;
  double sum = 0;
  for (std::size_t i = 0; i < programs.size(); ++i) {
    const double error = tiles[i].exact_cycles / rows[i].exact_cycles - 1;
    sum += std::abs(error);
    errors.worst = std::max(errors.worst, std::abs(error));
    errors.text +=
        fmt::format("{:30} {:2} rows {:12.1f} tiles {:12.1f} rows {:+.2f} %\n", names[i],
                    programs[i].rows->count, tiles[i].exact_cycles, rows[i].exact_cycles, 100 * error);
    EXPECT_EQ(rows[i].macs, tiles[i].macs);
  }
  errors.layers = programs.size();
  errors.mean = sum / static_cast<double>(programs.size());
  ::testing::Test::RecordProperty("layers", static_cast<int>(errors.layers));
  ::testing::Test::RecordProperty("mean_percent", std::to_string(100 * errors.mean));
  ::testing::Test::RecordProperty("worst_percent", std::to_string(100 * errors.worst));
  return errors;
}

class Rows : public ::testing::TestWithParam<const char*> {};

TEST_P(Rows, TakeAsLongAsTiles) {
  const Errors errors = errors_on(load_accelerator(GetParam()));
  EXPECT_GT(errors.layers, 20U);
  EXPECT_LT(errors.mean, 0.02) << errors.text;
  EXPECT_LT(errors.worst, 0.05) << errors.text;
}

INSTANTIATE_TEST_SUITE_P(Arrays, Rows, ::testing::Values("eyeriss", "gemmini", "shidiannao"));

// Where they differ is known: the array of `simba` needs a port of its accumulation buffer in every cycle, so
// a store depends on when the array stands still, which rows do by themselves and tiles all at once. With
// twice the bandwidth on chip next to nothing is left of it.
TEST(RowsWithRoomOnTheirPorts, TakeAsLongAsTiles) {
  Accelerator accelerator = load_accelerator("simba");
  for (std::size_t level = 1; level < accelerator.levels.size(); ++level) {
    for (Memory& memory : accelerator.levels[level].memories) {
      for (std::optional<BitsPerCycle>* port : {&memory.read_bandwidth, &memory.write_bandwidth}) {
        if (*port) {
          *port = BitsPerCycle(2 * (*port)->count());
        }
      }
    }
  }
  const Errors errors = errors_on(accelerator);
  EXPECT_LT(errors.mean, 0.02) << errors.text;
  EXPECT_LT(errors.worst, 0.05) << errors.text;
}

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
