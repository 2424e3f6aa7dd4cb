// Do mapping files load as written, and do bad ones say what is wrong? Do the printers print what is there?
// SPDX-License-Identifier: Apache-2.0
#include "dataflow/mapping.hpp"

#include <gtest/gtest.h>

#include "base/error.hpp"
#include "tests/unit/dataflow/machines.hpp"

namespace weft {
namespace {

using testing::add;
using testing::machine;
using testing::spread;

Problem gemm() {
  return make_gemm({.name = "fc", .m = 8, .n = 8, .k = 8});
}

constexpr const char* kFile = R"(problem: {name: fc, dims: {B: 1, M: 8, N: 8, K: 8}}
accelerator: tiny
levels:
  - level: L0
    keep: [weights, inputs, outputs]
    temporal: [M: 2, N: 8]
    spatial: [x: {K: 2}, y: {M: 2}]
  - level: L1
    keep: [inputs, outputs]
    temporal: [K: 4, M: 2]
)";

Mapping parsed(const std::string& text) {
  return parse_mapping(text, "m.yaml", gemm(), machine(2));
}

TEST(MappingFile, PrintsAndParses) {
  const Mapping mapping = parsed(kFile);
  ASSERT_EQ(mapping.levels.size(), 2U);
  EXPECT_EQ(mapping.levels[0].temporal, (std::vector<Loop>{{1, 2}, {2, 8}}));
  EXPECT_EQ(mapping.levels[0].spatial, (std::vector<SpatialLoop>{{3, 2, Axis::kX}, {1, 2, Axis::kY}}));
  EXPECT_EQ(mapping.levels[1].keep, (PerRole<bool>{false, true, true}));
  EXPECT_EQ(print_yaml(mapping, gemm(), machine(2)), kFile);
}

// Loops of one axis may share a section, levels may come in any order.
TEST(MappingFile, AcceptsOtherForms) {
  const Mapping mapping = parsed(R"(problem:
  dims: {M: 8, N: 8, K: 8, B: 1}
levels:
  - {level: L1, keep: []}
  - level: L0
    keep: [weights, inputs, outputs]
    temporal:
      - {M: 8, N: 4}
    spatial:
      - x: {N: 2, K: 8}
)");
  EXPECT_EQ(mapping.levels[0].temporal, (std::vector<Loop>{{1, 8}, {2, 4}}));
  EXPECT_EQ(mapping.levels[0].spatial, (std::vector<SpatialLoop>{{2, 2, Axis::kX}, {3, 8, Axis::kX}}));
}

// The diagnostics of kFile with `from` replaced by `to`.
std::string diagnostics(const std::string& from, const std::string& to) {
  std::string text = kFile;
  const std::size_t at = text.find(from);
  EXPECT_NE(at, std::string::npos);
  text.replace(at, from.size(), to);
  try {
    (void)parsed(text);
  } catch (const ConfigError& error) {
    return error.what();
  }
  return "";
}

TEST(MappingFile, WrongProblemSaysWhatDiffers) {
  const std::string text = diagnostics("M: 8, N: 8, K: 8", "M: 8, N: 16, C: 8");
  EXPECT_NE(text.find("m.yaml:1:27: error: this mapping of 'fc' does not belong to problem 'fc': "
                      "N is 16 here and 8 in the problem, C is not a dim of the problem, "
                      "K (8 in the problem) is not stated [wrong-problem]"),
            std::string::npos)
      << text;
}

TEST(MappingFile, UnknownNamesComeWithTheNearest) {
  EXPECT_NE(diagnostics("level: L1", "level: L3").find("unknown level 'L3'; known: L0, L1 [unknown-name]"),
            std::string::npos);
  EXPECT_NE(diagnostics("keep: [inputs", "keep: [input").find("did you mean 'inputs'?"), std::string::npos);
  EXPECT_NE(diagnostics("[K: 4", "[Q: 4").find("unknown dim 'Q'; known: B, M, N, K [unknown-name]"),
            std::string::npos);
  EXPECT_NE(diagnostics("x: {K", "z: {K").find("unknown axis 'z'; known: x, y [unknown-name]"),
            std::string::npos);
}

TEST(MappingFile, LevelsAreThereOnce) {
  EXPECT_NE(diagnostics("level: L1", "level: L0").find("[duplicate-level]"), std::string::npos);
  EXPECT_NE(diagnostics("level: L1", "level: L0").find("the mapping of 'tiny' lacks L1 [missing-level]"),
            std::string::npos);
}

TEST(MappingFile, BoundsAreWholeAndSensible) {
  EXPECT_NE(diagnostics("K: 4", "K: 0").find("[out-of-range]"), std::string::npos);
  EXPECT_NE(diagnostics("K: 4", "K: 2000000000000").find("[out-of-range]"), std::string::npos);
  EXPECT_NE(diagnostics("K: 4", "K: 1.5").find("[not-integer]"), std::string::npos);
}

TEST(MappingFile, KeysAndFormsAreChecked) {
  EXPECT_NE(diagnostics("    temporal: [K", "    temporl: [K").find("did you mean 'temporal'?"),
            std::string::npos);
  EXPECT_NE(diagnostics("temporal: [K: 4, M: 2]", "temporal: K4").find("[not-a-list]"), std::string::npos);
  EXPECT_NE(diagnostics("[K: 4, M: 2]", "[K4]").find("[not-a-section]"), std::string::npos);
  EXPECT_NE(diagnostics("dims: {B: 1, M: 8, N: 8, K: 8}", "dims: 3").find("[not-a-section]"),
            std::string::npos);
}

TEST(MappingFile, EmptyMappingKeepsWhatMemoriesHold) {
  Accelerator accelerator = machine(2);
  accelerator.levels[1].memories[0].holds = {true, false, true};
  const Mapping mapping = empty_mapping(accelerator);
  EXPECT_EQ(mapping.levels[0].keep, (PerRole<bool>{true, true, true}));
  EXPECT_EQ(mapping.levels[1].keep, (PerRole<bool>{true, false, true}));
  EXPECT_TRUE(mapping.levels[0].temporal.empty() && mapping.levels[1].spatial.empty());
}

TEST(MappingPrint, OneLineLeavesOutLoopsThatDoNothing) {
  Mapping mapping = parsed(kFile);
  add(mapping.levels[1], gemm(), "N", 1);
  spread(mapping.levels[1], gemm(), "N", 1);
  EXPECT_EQ(one_line(mapping, gemm(), machine(2)), "L0[WIO] M2 N8 . X:K2 Y:M2 | L1[IO] K4 M2");
}

TEST(MappingPrint, LoopNest) {
  const Problem problem = testing::conv_1d(10, 3, 2, 1);  // 5 positions
  Mapping mapping = empty_mapping(machine(2));
  add(mapping.levels[0], problem, "P", 3);
  mapping.levels[1].keep = {false, true, false};
  spread(mapping.levels[1], problem, "R", 3);
  add(mapping.levels[1], problem, "P", 2);
  EXPECT_EQ(print_loop_nest(mapping, problem, machine(2)), R"(L0 keeps 3 words of weights
L0 keeps 10 words of inputs
L0 keeps 5 words of outputs
for P in 0..2:
  L1 keeps 5 words of inputs
  for P in 0..1:
    parallel X for R in 0..2:
      outputs[N,G,K,P,Q] += inputs[N,G,C,2*P+R-1,Q+S] * weights[G,K,C,R,S]
)");
}

}  // namespace
}  // namespace weft
