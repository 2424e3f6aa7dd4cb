// Are sizes, classes and invariants of problems right?
// SPDX-License-Identifier: Apache-2.0
#include "workload/problem.hpp"

#include <limits>
#include <stdexcept>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/checked.hpp"

namespace weft {
namespace {

using ::testing::HasSubstr;

ConvShape strided() {
  return {.name = "c",
          .batch = 2,
          .in_channels = 6,
          .out_channels = 10,
          .in_h = 9,
          .in_w = 11,
          .kernel_h = 3,
          .kernel_w = 5,
          .stride_h = 2,
          .stride_w = 3,
          .dilation_h = 2,
          .pad_top = 1,
          .pad_left = 2,
          .pad_bottom = 3,
          .groups = 2};
}

TEST(Conv, HasTheDimsInOrder) {
  const Problem p = make_conv(strided());
  // P = (9 + 1 + 3 - (2 * 2 + 1)) / 2 + 1 = 5; Q = (11 + 2 + 0 - 5) / 3 + 1 = 3.
  const std::vector<std::pair<std::string, std::int64_t>> expected = {{"N", 2}, {"G", 2}, {"K", 5}, {"C", 3},
                                                                      {"P", 5}, {"Q", 3}, {"R", 3}, {"S", 5}};
  ASSERT_EQ(p.dims.size(), expected.size());
  for (std::size_t d = 0; d < expected.size(); ++d) {
    EXPECT_EQ(p.dims[d].name, expected[d].first);
    EXPECT_EQ(p.dims[d].size, expected[d].second);
    EXPECT_EQ(p.dim(expected[d].first), static_cast<int>(d));
  }
  EXPECT_EQ(p.dim("X"), -1);
  EXPECT_EQ(macs(p), 2 * 2 * 5 * 3 * 5 * 3 * 3 * 5);
  EXPECT_EQ(words(p.tensor(Role::kWeights)), 10 * 3 * 3 * 5);
  EXPECT_EQ(words(p.tensor(Role::kInputs)), 2 * 6 * 9 * 11);
  EXPECT_EQ(words(p.tensor(Role::kOutputs)), 2 * 10 * 5 * 3);
  EXPECT_EQ(validate(p), "");
}

TEST(Conv, InputRanksCarryStrideDilationAndPadding) {
  const Problem p = make_conv(strided());
  const Rank& rows = p.tensor(Role::kInputs).ranks[3];
  ASSERT_EQ(rows.terms.size(), 2U);
  EXPECT_EQ(rows.terms[0].dim, p.dim("P"));
  EXPECT_EQ(rows.terms[0].coeff, 2);
  EXPECT_EQ(rows.terms[1].dim, p.dim("R"));
  EXPECT_EQ(rows.terms[1].coeff, 2);
  EXPECT_EQ(rows.offset, -1);
  EXPECT_EQ(rows.extent, 9);
}

TEST(Conv, KnowsDepthwise) {
  const ConvShape shape{.in_channels = 8, .out_channels = 16, .in_h = 4, .in_w = 4, .groups = 8};
  const Problem p = make_conv(shape);
  EXPECT_EQ(p.kind, "depthwise");
  EXPECT_EQ(p.size(p.dim("G")), 8);
  EXPECT_EQ(p.size(p.dim("K")), 2);
  EXPECT_EQ(p.size(p.dim("C")), 1);
  EXPECT_EQ(make_conv({}).kind, "conv");
}

TEST(Problem, ClassifiesDims) {
  const Problem conv = make_conv(strided());
  const Problem gemm = make_gemm({.batch = 2, .m = 3, .n = 4, .k = 5});
  const Problem matmul =
      make_gemm({.batch = 2, .m = 3, .n = 4, .k = 5, .weights = GemmShape::Weights::kBatched});
  const auto is = [](const Problem& p, const char* dim) { return name_of(class_of(p, p.dim(dim))); };
  EXPECT_EQ(is(conv, "K"), "filters");
  EXPECT_EQ(is(conv, "G"), "groups");
  EXPECT_EQ(is(conv, "R"), "reduction");
  EXPECT_EQ(is(conv, "Q"), "positions");
  EXPECT_EQ(is(gemm, "B"), "positions");
  EXPECT_EQ(is(gemm, "N"), "filters");
  EXPECT_EQ(is(matmul, "B"), "groups");
  EXPECT_EQ(matmul.kind, "matmul");
  EXPECT_EQ(words(matmul.tensor(Role::kWeights)), 2 * 5 * 4);
  EXPECT_EQ(words(gemm.tensor(Role::kWeights)), 5 * 4);
}

TEST(Problem, RefusesShapesThatMakeNoSense) {
  const std::int64_t huge = std::numeric_limits<std::int64_t>::max();
  const auto refused = [](auto change) {
    ConvShape shape{.in_channels = 4, .out_channels = 4, .in_h = 8, .in_w = 8, .kernel_h = 3, .kernel_w = 3};
    change(shape);
    try {
      static_cast<void>(make_conv(shape));
    } catch (const std::invalid_argument& error) {
      return std::string(error.what());
    }
    return std::string("accepted");
  };
  EXPECT_EQ(refused([](ConvShape&) {}), "accepted");
  EXPECT_THAT(refused([](ConvShape& s) { s.groups = 3; }), HasSubstr("do not divide into 3 groups"));
  EXPECT_THAT(refused([](ConvShape& s) { s.in_h = 2; }), HasSubstr("larger than the padded input in height"));
  EXPECT_THAT(refused([](ConvShape& s) { s.in_w = 0; }), HasSubstr("at least 1"));
  EXPECT_THAT(refused([](ConvShape& s) { s.stride_w = 0; }), HasSubstr("stride"));
  EXPECT_THAT(refused([](ConvShape& s) { s.pad_left = -1; }), HasSubstr("padding"));
  EXPECT_THAT(refused([huge](ConvShape& s) { s.out_channels = huge; }), HasSubstr("2^63"));
  EXPECT_THAT(refused([huge](ConvShape& s) { s.pad_top = s.in_h = huge; }), HasSubstr("2^63"));
  EXPECT_THAT(refused([huge](ConvShape& s) { s.kernel_h = s.dilation_h = huge; }), HasSubstr("2^63"));
  EXPECT_THROW(static_cast<void>(make_gemm({.m = 0})), std::invalid_argument);
  EXPECT_THROW(static_cast<void>(make_gemm({.m = huge, .n = 2})), std::invalid_argument);
}

TEST(Problem, ValidateNamesTheBrokenInvariant) {
  const auto broken = [](auto change) {
    Problem p = make_gemm({.m = 2, .n = 3, .k = 4});
    change(p);
    return validate(p);
  };
  EXPECT_EQ(broken([](Problem&) {}), "");
  EXPECT_EQ(broken([](Problem& p) { p.dims[2].size = 0; }), "dim 'N' has size 0");
  EXPECT_EQ(broken([](Problem& p) { p.dims[1].name = "B"; }), "two dims are named 'B'");
  EXPECT_EQ(broken([](Problem& p) { p.dims.push_back({"X", 2}); }), "dim 'X' appears in no tensor");
  EXPECT_THAT(broken([](Problem& p) {
                p.tensors[1].ranks[2].terms.push_back({1, 1});
              }),
              HasSubstr("second time"));
  EXPECT_THAT(broken([](Problem& p) { p.tensors[2].ranks[1].terms[0].coeff = 2; }),
              HasSubstr("coefficient 1"));
  EXPECT_THAT(broken([](Problem& p) { p.tensors[2].ranks[1].extent = 5; }), HasSubstr("extent 5"));
  EXPECT_THAT(broken([](Problem& p) { p.tensors[0].bits = 65; }), HasSubstr("65 bits"));
  EXPECT_THAT(broken([](Problem& p) { p.tensors[0].density = 0; }), HasSubstr("density"));
  EXPECT_THAT(broken([](Problem& p) { p.tensors[1].ranks[0].offset = 1; }), HasSubstr("positive offset"));
  EXPECT_THAT(broken([](Problem& p) { p.tensors[1].ranks[0].terms.clear(); }), HasSubstr("no terms"));
  EXPECT_THAT(broken([](Problem& p) { p.tensors[1].ranks[0].terms[0].dim = 9; }), HasSubstr("names no dim"));
}

TEST(Problem, SameShapeIgnoresNamesButNotWidths) {
  const Problem a = make_gemm({.name = "a", .m = 2, .n = 3, .k = 4});
  Problem b = make_gemm({.name = "b", .m = 2, .n = 3, .k = 4});
  EXPECT_TRUE(same_shape(a, b));
  b.tensor(Role::kInputs).bits = 4;
  EXPECT_FALSE(same_shape(a, b));
  EXPECT_FALSE(same_shape(a, make_gemm({.m = 2, .n = 3, .k = 5})));
  ConvShape padded{.in_h = 8, .in_w = 8, .kernel_h = 3, .kernel_w = 3, .pad_top = 1, .pad_bottom = 1};
  ConvShape shifted = padded;
  shifted.pad_top = 2;
  shifted.pad_bottom = 0;
  EXPECT_FALSE(same_shape(make_conv(padded), make_conv(shifted)));
}

}  // namespace
}  // namespace weft
