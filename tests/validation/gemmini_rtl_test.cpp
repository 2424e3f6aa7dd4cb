// How close are simulated cycles to those of Gemmini's RTL, measured by others with FireSim?
// WEFT_GEMMINI_RTL=FILE runs another table of the same columns.
// SPDX-License-Identifier: Apache-2.0
#include "tests/validation/lib/gemmini_rtl.hpp"

#include <cstdlib>
#include <functional>
#include <iostream>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "dataflow/evaluate.hpp"
#include "dataflow/legality.hpp"
#include "dataflow/lower.hpp"
#include "tests/sim/forked.hpp"
#include "tests/validation/lib/comparison.hpp"

namespace weft::validation {
namespace {

std::string table() {
  const char* other = std::getenv("WEFT_GEMMINI_RTL");
  return other != nullptr ? other : WEFT_SOURCE_DIR "/tests/validation/data/gemmini_rtl.csv";
}

Accelerator machine() {
  return load_accelerator_file(WEFT_SOURCE_DIR "/configs/arch/gemmini_firesim.yaml");
}

struct Results {
  std::vector<GemminiRtlRow> rows;
  std::vector<Comparison> simulated, modelled, timeloop;  // against the RTL's cycles, per row
};

std::string label(const GemminiRtlRow& row) {
  const GemminiRow& s = row.stated;
  return fmt::format("{} {}x{} P{} C{} K{} /{} {}", row.set, s.r, s.s, s.p, s.c, s.k, s.stride_p,
                     s.mapping_text);
}

// `set`: rows of this set only; empty: all.
Results run_on(const Accelerator& accelerator, const std::string& set = "") {
  Results result;
  std::vector<Program> programs;
  for (GemminiRtlRow& row : read_gemmini_rtl_rows(table())) {
    if (!set.empty() && row.set != set) {
      continue;
    }
    const Problem problem = executed_problem(row);
    const Mapping mapping = executed_mapping(row, problem);
    if (const auto obstacle = check(mapping, problem, accelerator)) {
      ADD_FAILURE() << "line " << row.line << ": " << explain(*obstacle, problem, accelerator);
      continue;
    }
    programs.push_back(lower(mapping, problem, accelerator, {.max_steps = std::int64_t{1} << 18}));
    const auto rtl = static_cast<double>(row.rtl_cycles);
    const auto model = static_cast<double>(evaluate(mapping, problem, accelerator).timing.cycles);
    result.modelled.push_back({label(row), rtl, model});
    result.timeloop.push_back({label(row), rtl, static_cast<double>(row.stated.cycles)});
    result.rows.push_back(std::move(row));
  }
  // The study's program ran every layer with the tiler's own tiles before it ran it with these.
  const auto measured = testing::simulate(accelerator, programs, {.warm_caches = true});
  for (std::size_t i = 0; i < measured.size(); ++i) {
    result.simulated.push_back(
        {result.modelled[i].what, result.modelled[i].reference, static_cast<double>(measured[i].cycles)});
  }
  return result;
}

std::vector<Comparison> of_set(const Results& results, const std::string& set) {
  std::vector<Comparison> result;
  for (std::size_t i = 0; i < results.rows.size(); ++i) {
    if (results.rows[i].set == set) {
      result.push_back(results.simulated[i]);
    }
  }
  return result;
}

void print(const Results& results) {
  for (std::size_t i = 0; i < results.rows.size(); ++i) {
    const Comparison& c = results.simulated[i];
    std::cout << fmt::format("{:9.0f} RTL {:9.0f} simulated {:+6.1f} %  {:9.0f} model  {}\n", c.reference,
                             c.ours, 100 * (c.ours / c.reference - 1), results.modelled[i].ours, c.what);
  }
  const auto line = [](const char* who, const std::vector<Comparison>& comparisons) {
    std::cout << fmt::format("{}: mean absolute error {:.2f} %, rank correlation {:.4f}\n", who,
                             100 * mean_error(comparisons), rank_correlation(comparisons));
  };
  line("simulator", results.simulated);
  line("analytic model", results.modelled);
  line("Timeloop", results.timeloop);
}

TEST(GemminiRtl, SimulatedCyclesAreThoseOfTheRtl) {
  const Results rows = run_on(machine());
  print(rows);
  ASSERT_FALSE(rows.simulated.empty());
  EXPECT_LE(mean_error(rows.simulated), 0.10);
  EXPECT_GE(rank_correlation(rows.simulated), 0.99);
  EXPECT_LT(mean_error(rows.simulated), mean_error(rows.timeloop) / 2);
  if (std::getenv("WEFT_GEMMINI_RTL") == nullptr) {
    EXPECT_EQ(rows.rows.size(), 58U);
    // Four numbers of the preset were estimated on the first half; the second half knows nothing of them.
    EXPECT_LE(mean_error(of_set(rows, "analytical")), 0.065);
    EXPECT_LE(mean_error(of_set(rows, "both")), 0.06);
  }
}

// Each mechanism carries its part: without it the cycles of half of the rows are worse.
TEST(GemminiRtl, EachMechanismMatters) {
  if (std::getenv("WEFT_GEMMINI_RTL") != nullptr) {
    GTEST_SKIP() << "asks about the table that is part of the tree";
  }
  const std::string kSet = "analytical";
  const double all = mean_error(run_on(machine(), kSet).simulated);
  const auto without = [&](const char* what, const std::function<void(Accelerator&)>& remove) {
    Accelerator accelerator = machine();
    remove(accelerator);
    const Results rows = run_on(accelerator, kSet);
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
