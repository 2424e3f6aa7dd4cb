// What does each mechanism of the machine contribute to cycles like those of Gemmini's RTL?
// SPDX-License-Identifier: Apache-2.0
#include "validation/gemmini_rtl.hpp"

#include <functional>
#include <iostream>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "validation/comparison.hpp"

namespace weft::validation {
namespace {

const std::string kTable = WEFT_SOURCE_DIR "/configs/validation/gemmini_rtl.csv";

Accelerator machine() {
  return load_accelerator_file(WEFT_SOURCE_DIR "/configs/arch/gemmini_firesim.yaml");
}

// Each mechanism carries its part: without it the cycles of half of the rows are worse.
TEST(GemminiRtl, EachMechanismMatters) {
  const std::string kSet = "analytical";
  const double all = mean_error(compare_rtl_cycles(machine(), kTable, kSet).simulated);
  const auto without = [&](const char* what, const std::function<void(Accelerator&)>& remove) {
    Accelerator accelerator = machine();
    remove(accelerator);
    const RtlCycles rows = compare_rtl_cycles(accelerator, kTable, kSet);
    const double error = mean_error(rows.simulated);
    std::cout << fmt::format("without {}: mean absolute error {:.2f} %, rank correlation {:.4f}\n", what,
                             100 * error, rank_correlation(rows.simulated));
    EXPECT_GT(error, all) << what;
  };
  without("a limit of commands in flight", [](Accelerator& a) { a.controller.commands->in_flight = 1000; });
  without("preloads behind commands", [](Accelerator& a) { a.controller.commands->preload = Cycles(0); });
  without("a limit of tiles in flight", [](Accelerator& a) { a.controller.tiles_in_flight.reset(); });
  without("tiles fetched again", [](Accelerator& a) { a.levels[1].memories[0].fetch = Fetch::kChanges; });
  without("a cache", [](Accelerator& a) { a.levels[0].memories[0].cache.reset(); });
}

TEST(GemminiRtl, TilesAreThoseOfTheRow) {
  GemminiRtlRow row;
  row.stated.p = row.stated.q = 28;
  row.stated.c = 512;
  row.stated.k = 256;
  row.stated.mapping =
      parse_gemmini_mapping("L3[WIO] K2 P14 Q2 - L2[WI] N1 K16X - L1[O] K8 C32 Q7 C16X - L0[W] Q2 P2");
  const Problem problem = executed_problem(row);
  EXPECT_EQ(problem.size(problem.dim("P")), 28);
  const Mapping mapping = executed_mapping(row, problem);
  const int rows = problem.dim("P"), columns = problem.dim("Q"), filters = problem.dim("K");
  const auto loops = [](const std::vector<Loop>& list) {
    std::vector<std::pair<int, std::int64_t>> result;
    for (const Loop& loop : list) {
      result.emplace_back(loop.dim, loop.bound);
    }
    return result;
  };
  using Loops = std::vector<std::pair<int, std::int64_t>>;
  EXPECT_EQ(loops(mapping.levels[0].temporal), (Loops{{filters, 2}, {columns, 14}, {rows, 2}}));
  EXPECT_EQ(loops(mapping.levels[2].temporal), (Loops{{filters, 8}, {problem.dim("C"), 32}}));
  EXPECT_EQ(loops(mapping.levels[3].temporal), (Loops{{rows, 14}, {columns, 2}}));
}

TEST(GemminiRtl, RankCorrelationIsSpearmans) {
  // Ranks 1 2 3 4 against 1 3 2 4: 1 - 6 x 2 / (4 x 15).
  EXPECT_DOUBLE_EQ(rank_correlation({{"", 1, 10}, {"", 2, 30}, {"", 3, 20}, {"", 4, 40}}), 0.8);
  EXPECT_DOUBLE_EQ(rank_correlation({{"", 1, 3}, {"", 2, 2}, {"", 3, 1}}), -1);
}

}  // namespace
}  // namespace weft::validation
