// Are the words of constraint files understood as configs/README.md says, on machines small enough to see?
// SPDX-License-Identifier: Apache-2.0
#include "mapper/constraints.hpp"

#include <gtest/gtest.h>

#include "base/error.hpp"
#include "mapper/constraints_file.hpp"
#include "mapper/constraints_words.hpp"

namespace weft {
namespace {

constexpr std::int64_t kMost = std::numeric_limits<std::int64_t>::max();

Accelerator machine() {
  return parse_accelerator(R"(
accelerator: three
clock: 1 GHz
levels:
  - {name: DRAM, memory: {kind: dram}}
  - {name: GLB, memory: {capacity: 1 MiB}, fanout: {x: 4, y: 2}}
  - {name: RF, memory: {capacity: 1 KiB}, fanout: {x: 2}}
)",
                           "three.yaml");
}

Problem gemm(std::int64_t m, std::int64_t n, std::int64_t k) {
  return make_gemm({.name = "gemm", .m = m, .n = n, .k = k});  // dims B M N K
}

Constraints read(const std::string& levels, const Problem& problem) {
  return parse_constraints("constraints: c\n" + levels, "c.yaml", problem, machine());
}

TEST(ConstraintWords, Ranges) {
  EXPECT_EQ(parse_range("4"), (Range{4, 4}));
  EXPECT_EQ(parse_range("2..8"), (Range{2, 8}));
  EXPECT_EQ(parse_range("2.."), (Range{2, kMost}));
  EXPECT_EQ(parse_range("..8"), (Range{1, 8}));
  EXPECT_EQ(parse_range("any"), Range{});
  EXPECT_EQ(parse_range("9223372036854775807"), (Range{kMost, kMost}));
  for (const char* bad : {"", "..", "0", "-1", "8..4", "0..4", "4..0", "1.5", "1...4", "4 ", "04", "+4", "x",
                          "9223372036854775808", "2..8..9"}) {
    EXPECT_FALSE(parse_range(bad)) << bad;
    EXPECT_FALSE(explain_range(bad).empty()) << bad;
  }
  for (const Range& range : {Range{}, Range{3, 3}, Range{2, 5}, Range{2, kMost}, Range{1, 5}}) {
    EXPECT_EQ(parse_range(print_range(range)), range);
  }
}

TEST(ConstraintWords, Levels) {
  using Levels = std::vector<int>;
  const Accelerator three = machine();
  EXPECT_EQ(find_levels("GLB", three), Levels{1});
  EXPECT_EQ(find_levels("all", three), (Levels{0, 1, 2}));
  EXPECT_EQ(find_levels("outermost", three), Levels{0});
  EXPECT_EQ(find_levels("innermost", three), Levels{2});
  EXPECT_EQ(find_levels("buffers", three), (Levels{1, 2}));
  EXPECT_EQ(find_levels("array", three), Levels{1});  // 4 x 2 instances below it, 2 below RF
  EXPECT_EQ(find_levels("glb", three), Levels{});
  Accelerator flat = three;
  for (StorageLevel& level : flat.levels) {
    level.fanout = {};
  }
  EXPECT_EQ(find_levels("array", flat), Levels{});
  flat.levels[2].name = "array";  // a name comes before a word
  EXPECT_EQ(find_levels("array", flat), Levels{2});
}

// The more special word decides within a section; entries for one level all hold.
TEST(ConstraintFile, SpecialWordsDecideAndEntriesAddUp) {
  const Constraints c = read(R"(
levels:
  - {level: GLB, temporal: {M: any, all: 1, reduction: ..8}}
  - {level: buffers, temporal: {K: 2.., M: ..5}}
)",
                             gemm(16, 16, 16));
  const DimRanges& glb = c.levels[1].temporal;
  EXPECT_EQ(glb[0], (Range{1, 1}));  // B: all
  EXPECT_EQ(glb[1], (Range{1, 5}));  // M: any, then ..5
  EXPECT_EQ(glb[2], (Range{1, 1}));  // N: all
  EXPECT_EQ(glb[3], (Range{2, 8}));  // K: ..8, then 2..
  EXPECT_EQ(c.levels[2].temporal[3], (Range{2, kMost}));
  EXPECT_EQ(c.levels[0].temporal[3], Range{});
}

TEST(ConstraintFile, DimsInParenthesesMayBeMissing) {
  const Problem problem = gemm(4, 4, 4);
  EXPECT_NO_THROW((void)read("levels: [{level: GLB, temporal: {(R): 1, (K): 2}}]\n", problem));
  EXPECT_THROW((void)read("levels: [{level: GLB, temporal: {R: 1}}]\n", problem), ConfigError);
}

// Only loops with more than one iteration count.
TEST(Violates, LoopsOfBoundOneHaveNoPlaceInTheOrder) {
  const Problem problem = gemm(4, 4, 4);
  const Constraints c = read("levels: [{level: DRAM, outer: [M], inner: [K]}]\n", problem);
  Mapping mapping = empty_mapping(machine());
  mapping.levels[0].temporal = {{3, 1}, {1, 4}, {2, 4}, {3, 4}, {1, 1}};  // K1 M4 N4 K4 M1
  EXPECT_FALSE(violates(c, mapping, problem, machine()));
  mapping.levels[0].temporal = {{2, 4}, {1, 4}, {3, 4}};  // N4 M4 K4: M is not outermost
  const auto broken = violates(c, mapping, problem, machine());
  ASSERT_TRUE(broken);
  EXPECT_EQ(broken->rule, Rule::kOrder);
  EXPECT_EQ(broken->index, 1);
}

// 14 over 4 instances is 4 + 4 + 4 + 2: not equal, allowed in space only. 14 as 2 x 7 is equal. 14 as 4
// (time) x 4 is not.
TEST(Violates, PerfectTemporalFactorsLeaveSpaceImperfect) {
  const Problem problem = gemm(14, 1, 1);
  Constraints c = no_constraints(machine());
  c.perfect_temporal = true;
  Mapping mapping = empty_mapping(machine());
  mapping.levels[1].spatial = {{1, 4, Axis::kX}};
  mapping.levels[2].temporal = {{1, 4}};
  EXPECT_FALSE(violates(c, mapping, problem, machine()));
  c.perfect = true;
  EXPECT_TRUE(violates(c, mapping, problem, machine()));
  mapping.levels[1].spatial = {{1, 2, Axis::kX}};
  mapping.levels[2].temporal = {{1, 7}};
  EXPECT_FALSE(violates(c, mapping, problem, machine()));
  c.perfect = false;
  mapping.levels[1].spatial = {};
  mapping.levels[0].temporal = {{1, 4}};
  mapping.levels[2].temporal = {{1, 4}};
  EXPECT_TRUE(violates(c, mapping, problem, machine()));
}

// 8 x 2 units; 6 over 4 units: 2 rounds inside, so 6 MACs in 2 cycles of 16 units: 6 / 32.
TEST(Violates, UtilisationIsTheShareOfUnitsAtWork) {
  const Problem problem = gemm(6, 1, 1);
  Mapping mapping = empty_mapping(machine());
  mapping.levels[1].spatial = {{1, 4, Axis::kX}};
  mapping.levels[2].temporal = {{1, 2}};
  EXPECT_DOUBLE_EQ(array_utilization(mapping, problem, machine()), 6.0 / 32.0);
}

}  // namespace
}  // namespace weft
