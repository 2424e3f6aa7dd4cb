// Does the size of transfers matter to the simulated time? Every layer of ResNet-50 on three arrays, as it is
// and with every transfer asked for in two halves: a model that rounds transfers up, or lets a long one block
// others, would take another time. What is left is that a transfer keeps its fast port in one piece while the
// slow one sets its pace, so that it can be held up there by others as a whole (docs/numbers.md).
// SPDX-License-Identifier: Apache-2.0
#include <cmath>
#include <string>

#include <gtest/gtest.h>

#include "tests/differential/resnet50_programs.hpp"
#include "tests/sim/forked.hpp"

namespace weft {
namespace {

class Halves : public ::testing::TestWithParam<const char*> {};

TEST_P(Halves, TakeAsLongAsWholeTransfers) {
  const Accelerator accelerator = load_accelerator(GetParam());
  const std::vector<Program> programs = testing::resnet50_programs(accelerator).second;
  double whole = 0;
  double worst = 0;
  double sum = 0;
  const auto once = testing::simulate(accelerator, programs);
  const auto twice = testing::simulate(accelerator, programs, {.split_transfers = true});
  for (std::size_t i = 0; i < programs.size(); ++i) {
    const double error = std::abs(twice[i].exact_cycles / once[i].exact_cycles - 1);
    worst = std::max(worst, error);
    whole += once[i].exact_cycles;
    sum += twice[i].exact_cycles;
  }
  RecordProperty("layers", static_cast<int>(programs.size()));
  RecordProperty("network_percent", std::to_string(100 * (sum / whole - 1)));
  RecordProperty("worst_layer_percent", std::to_string(100 * worst));
  EXPECT_GT(programs.size(), 20U);
  EXPECT_LT(std::abs(sum / whole - 1), 0.005);
  EXPECT_LT(worst, 0.05);
}

INSTANTIATE_TEST_SUITE_P(Arrays, Halves, ::testing::Values("eyeriss", "gemmini", "tpu_v1"));

}  // namespace
}  // namespace weft
