// How well do our cycles agree with Timeloop's on 2,000 mappings of the DOSA study's Gemmini-like machines?
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cmath>
#include <iostream>

#include <gtest/gtest.h>

#include "validation/comparison.hpp"
#include "validation/gemmini_rows.hpp"

namespace weft::validation {
namespace {

const std::string kTable = WEFT_SOURCE_DIR "/configs/validation/gemmini_analytic_sample.csv";

// The reference rounds its slow-down to a double and the product up: a cycle more in a few rows.
std::int64_t to_the_cycle(const std::vector<Comparison>& comparisons) {
  return std::count_if(comparisons.begin(), comparisons.end(),
                       [](const Comparison& c) { return std::abs(c.reference - c.ours) <= 1; });
}

TEST(GemminiRows, CyclesAgreeWithTimeloop) {
  const std::vector<Comparison> comparisons = compare_cycles(kTable, study_conventions());
  const Agreement result = agreement(comparisons, 0.01);
  std::cout << "cycles: " << summary(result, 0.01) << "; " << to_the_cycle(comparisons) << " to the cycle\n"
            << disagreements(comparisons, {.relative = 1e-3});
  EXPECT_EQ(result.rows, 2000);
  EXPECT_EQ(result.within, 2000);
  EXPECT_GE(to_the_cycle(comparisons), 1999);
}

// What each convention is worth, so that nobody mistakes them for details: rows within 1 % without it.
TEST(GemminiRows, EachConventionOfTheStudyMatters) {
  const auto rows_within_percent = [](const std::string& what, const EvaluateOptions& options) {
    const Agreement result = agreement(compare_cycles(kTable, options), 0.01);
    std::cout << what << ": " << summary(result, 0.01) << '\n';
    return result.within;
  };
  const std::int64_t all = rows_within_percent("all conventions of the study", study_conventions());
  EvaluateOptions options = study_conventions();
  options.counts.first_fill = FirstFill::kElided;
  EXPECT_LT(rows_within_percent("first visits elided", options), all);
  options = study_conventions();
  options.drains = Drains::kOnPorts;
  EXPECT_LT(rows_within_percent("drains take time on ports", options), all);
  options = study_conventions();
  options.counts.slides = Slides::kAny;
  EXPECT_LT(rows_within_percent("halos kept across other loops", options), all);
  options = study_conventions();
  options.counts.footprint = Footprint::kUnion;
  EXPECT_LE(rows_within_percent("footprints without gaps", options), all);
}

TEST(GemminiRows, MappingTextsAreRead) {
  const GemminiMapping mapping =
      parse_gemmini_mapping("L3[WIO] C4 P28 - L2[WI] N1 K2X - L1[O] K2 - L0[W] P8");
  ASSERT_EQ(mapping[0].size(), 2U);
  EXPECT_EQ(mapping[0][1].dim, 'P');
  EXPECT_EQ(mapping[0][1].bound, 28);
  EXPECT_FALSE(mapping[0][1].spatial);
  ASSERT_EQ(mapping[1].size(), 2U);
  EXPECT_TRUE(mapping[1][1].spatial);
  EXPECT_EQ(mapping[1][1].bound, 2);
  EXPECT_THROW(parse_gemmini_mapping("L3[WIO] C4 - L2[WI] N1"), std::invalid_argument);
  EXPECT_THROW(parse_gemmini_mapping("L3[WIO] Z4 - L2[WI] - L1[O] - L0[W]"), std::invalid_argument);
  EXPECT_THROW(parse_gemmini_mapping("L3[WIO] C - L2[WI] - L1[O] - L0[W]"), std::invalid_argument);
}

}  // namespace
}  // namespace weft::validation
