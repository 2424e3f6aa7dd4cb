// Does each operator become the right problem or vector operation, attached to the right layer?
// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>

#include "tests/unit/workload/onnx_model.hpp"

namespace weft {
namespace {

using ::testing::ElementsAre;
using testing_onnx::Dims;
using testing_onnx::Model;

Dims sizes(const Layer& layer) {
  Dims result;
  for (const Dim& dim : layer.problem->dims) {
    result.push_back(dim.size);
  }
  return result;
}

std::vector<std::string> post_ops(const Layer& layer) {
  std::vector<std::string> names;
  for (const VectorOp& op : layer.post_ops) {
    names.push_back(op.name + (op.standalone ? " pass" : ""));
  }
  return names;
}

TEST(OnnxConv, SamePaddingAndGroups) {
  const Network n = Model()
                        .input("x", {2, 4, 7, 9})
                        .weights("w", {6, 2, 3, 3})
                        .node("Conv", {"x", "w"}, "y")
                        .with("group", 2)
                        .with("strides", Dims{2, 2})
                        .with("auto_pad", std::string("SAME_UPPER"))
                        .load();
  // Outputs: ceil(7 / 2) = 4 and ceil(9 / 2) = 5.
  EXPECT_THAT(sizes(n.layers[0]), ElementsAre(2, 2, 3, 2, 4, 5, 3, 3));
}

TEST(OnnxConv, OneDimensionalHasHeightOne) {
  const Network n = Model()
                        .input("x", {1, 8, 100})
                        .weights("w", {16, 8, 5})
                        .node("Conv", {"x", "w"}, "y")
                        .with("pads", Dims{2, 2})
                        .load();
  EXPECT_THAT(sizes(n.layers[0]), ElementsAre(1, 1, 16, 8, 1, 100, 1, 5));
}

TEST(OnnxConv, ThreeDimensionalIsReported) {
  const Network n = Model()
                        .input("x", {1, 8, 4, 4, 4})
                        .weights("w", {16, 8, 1, 1, 1})
                        .node("Conv", {"x", "w"}, "y")
                        .node("Relu", {"y"}, "z")
                        .load();
  ASSERT_EQ(n.unknown.size(), 1U);
  EXPECT_EQ(n.unknown[0].op_type, "Conv");
  EXPECT_EQ(n.unknown[0].node, "y");
}

TEST(OnnxConvTranspose, KernelEqualToStrideIsAPointwiseProduct) {
  const Network n = Model()
                        .input("x", {1, 8, 5, 6})
                        .weights("w", {8, 4, 2, 2})
                        .node("ConvTranspose", {"x", "w"}, "y")
                        .with("strides", Dims{2, 2})
                        .load();
  EXPECT_THAT(sizes(n.layers[0]), ElementsAre(1, 1, 4 * 2 * 2, 8, 5, 6, 1, 1));
}

TEST(OnnxConvTranspose, OtherwiseRunsOverTheInputWithZerosPutIn) {
  const Network n = Model()
                        .input("x", {1, 8, 5, 5})
                        .weights("w", {8, 4, 3, 3})
                        .node("ConvTranspose", {"x", "w"}, "y")
                        .with("strides", Dims{2, 2})
                        .with("pads", Dims{1, 1, 1, 1})
                        .with("output_padding", Dims{1, 1})
                        .load();
  // (5 - 1) * 2 - 2 * 1 + 3 + 1 = 10 rows and columns of output; 9 x 9 stored inputs, 25 of them real.
  EXPECT_THAT(sizes(n.layers[0]), ElementsAre(1, 1, 4, 8, 10, 10, 3, 3));
  EXPECT_EQ(words(n.layers[0].problem->tensor(Role::kInputs)), 8 * 9 * 9);
  EXPECT_DOUBLE_EQ(n.layers[0].problem->tensor(Role::kInputs).density, 25.0 / 81.0);
}

TEST(OnnxMatMul, TellsWeightsFromActivations) {
  const Network n = Model()
                        .input("x", {2, 4, 10, 16})
                        .weights("w", {16, 24})
                        .node("MatMul", {"x", "w"}, "trained")
                        .node("Transpose", {"trained"}, "turned")
                        .with("perm", Dims{0, 1, 3, 2})
                        .node("MatMul", {"trained", "turned"}, "scores")
                        .load();
  ASSERT_EQ(n.layers.size(), 2U);
  EXPECT_THAT(sizes(n.layers[0]), ElementsAre(1, 2 * 4 * 10, 24, 16));
  EXPECT_EQ(n.layers[0].parameters, 16 * 24);
  EXPECT_THAT(sizes(n.layers[1]), ElementsAre(2 * 4, 10, 10, 24));
  EXPECT_EQ(n.layers[1].problem->kind, "matmul");
  EXPECT_EQ(n.layers[1].parameters, 0);
  EXPECT_THAT(n.layers[1].inputs, ElementsAre(0));
}

TEST(OnnxEinsum, BecomesItsProblem) {
  const Network n = Model()
                        .input("q", {2, 3, 5, 8})
                        .input("k", {2, 3, 7, 8})
                        .node("Einsum", {"q", "k"}, "s")
                        .with("equation", std::string("bhqd, bhkd -> bhqk"))
                        .load();
  EXPECT_EQ(macs(n), 2 * 3 * 5 * 7 * 8);
  EXPECT_EQ(n.layers[0].problem->kind, "matmul");
}

TEST(OnnxFusion, OperationsJoinTheLayerWhoseResultsNobodyElseReads) {
  const Network n = Model()
                        .input("x", {1, 4, 8, 8})
                        .weights("w", {4, 4, 1, 1})
                        .weights("scale", {4})
                        .weights("shift", {4})
                        .weights("mean", {4})
                        .weights("variance", {4})
                        .weights("v", {4, 4, 1, 1})
                        .node("Conv", {"x", "w"}, "a")
                        .node("BatchNormalization", {"a", "scale", "shift", "mean", "variance"}, "b")
                        .node("Sigmoid", {"b"}, "gate")
                        .node("Mul", {"b", "gate"}, "silu")
                        .node("Conv", {"silu", "v"}, "c")
                        .node("Add", {"c", "silu"}, "sum")
                        .node("MaxPool", {"sum"}, "pooled")
                        .with("kernel_shape", Dims{2, 2})
                        .with("strides", Dims{2, 2})
                        .load();
  ASSERT_EQ(n.layers.size(), 2U);
  EXPECT_THAT(post_ops(n.layers[0]), ElementsAre("BatchNormalization", "Sigmoid", "Mul"));
  EXPECT_THAT(post_ops(n.layers[1]), ElementsAre("Add", "MaxPool pass"));
  EXPECT_EQ(n.layers[0].parameters, 4 * 4 + 2 * 4);
  EXPECT_EQ(n.layers[0].post_ops[0].extra_input_words, 2 * 4);
  EXPECT_EQ(n.layers[1].post_ops[0].extra_input_words, 4 * 8 * 8);
  EXPECT_EQ(n.layers[1].post_ops[1].elements, 4 * 4 * 4);
  EXPECT_EQ(n.layers[1].post_ops[1].ops_per_element, 4);
}

TEST(OnnxFusion, AnActivationOfAResultThatIsAlsoReadRawStandsAlone) {
  const Network n = Model()
                        .input("x", {1, 4, 8, 8})
                        .weights("w", {4, 4, 1, 1})
                        .weights("v", {4, 4, 1, 1})
                        .node("Conv", {"x", "w"}, "a")
                        .node("Relu", {"a"}, "r")
                        .node("Conv", {"a", "v"}, "b")
                        .load();
  ASSERT_EQ(n.layers.size(), 3U);
  EXPECT_EQ(n.layers[1].name, "r");
  EXPECT_TRUE(n.layers[1].post_ops[0].standalone);
  EXPECT_EQ(n.layers[1].post_ops[0].extra_input_words, 4 * 8 * 8);
}

TEST(OnnxQuantised, QuantisersAreLookedThrough) {
  const Network n = Model()
                        .input("x", {-1, 16})
                        .weights("w", {16, 8})
                        .weights("s", {})
                        .node("QuantizeLinear", {"x", "s"}, "xq")
                        .node("DequantizeLinear", {"xq", "s"}, "xd")
                        .node("QuantizeLinear", {"w", "s"}, "wq")
                        .node("DequantizeLinear", {"wq", "s"}, "wd")
                        .node("MatMul", {"xd", "wd"}, "y")
                        .load({.batch = 5});
  ASSERT_EQ(n.layers.size(), 1U);
  EXPECT_THAT(sizes(n.layers[0]), ElementsAre(1, 5, 8, 16));
  EXPECT_EQ(n.layers[0].parameters, 16 * 8);
}

TEST(OnnxVersions, ReductionsAndSplitOfEveryVersion) {
  // Axes and sizes moved from attributes to inputs; newer versions than the library's are read too.
  const Network old = Model(11)
                          .input("x", {2, 6, 4, 4})
                          .node("ReduceMean", {"x"}, "mean")
                          .with("axes", Dims{2, -1})
                          .with("keepdims", 0)
                          .load();
  const Network now = Model(20)
                          .input("x", {2, 6, 4, 4})
                          .integers("axes", {2, -1})
                          .node("ReduceMean", {"x", "axes"}, "mean")
                          .with("keepdims", 0)
                          .load();
  for (const Network& n : {old, now}) {
    EXPECT_EQ(n.layers[0].post_ops[0].elements, 2 * 6);
    EXPECT_EQ(n.layers[0].post_ops[0].ops_per_element, 4 * 4);
  }
  const Network split = Model(20)
                            .input("x", {2, 6})
                            .weights("w", {6, 8})
                            .node("Split", {"x"}, "part")
                            .with("axis", 1)
                            .with("num_outputs", 1)
                            .node("Gelu", {"part"}, "g")
                            .node("MatMul", {"g", "w"}, "y")
                            .load();
  EXPECT_EQ(macs(split), 2 * 6 * 8);
}

TEST(OnnxUnknown, OperatorsAreReportedWithTypeAndNode) {
  const Network n = Model()
                        .input("x", {1, 16})
                        .weights("w", {16, 16})
                        .node("MatMul", {"x", "w"}, "y")
                        .node("Frobnicate", {"y"}, "f")
                        .domain("org.example")
                        .node("NonZero", {"y"}, "z")
                        .load();
  ASSERT_EQ(n.unknown.size(), 2U);
  EXPECT_EQ(n.unknown[0].op_type, "org.example.Frobnicate");
  EXPECT_EQ(n.unknown[0].node, "f");
  EXPECT_EQ(n.unknown[1].op_type, "NonZero");
}

TEST(OnnxLookup, AGatherFromATrainedTableCountsItsParameters) {
  const Network n = Model()
                        .input("ids", {-1, 12})
                        .weights("table", {1000, 64})
                        .weights("w", {64, 8})
                        .node("Gather", {"table", "ids"}, "rows")
                        .node("MatMul", {"rows", "w"}, "y")
                        .load({.batch = 2});
  ASSERT_EQ(n.layers.size(), 2U);
  EXPECT_EQ(n.layers[0].parameters, 64000);
  EXPECT_EQ(n.layers[0].post_ops[0].extra_input_words, 2 * 12 * 64);
  EXPECT_THAT(n.layers[1].inputs, ElementsAre(0));
}

TEST(OnnxOrder, UnsortedNodesAreSorted) {
  const Network n = Model()
                        .input("x", {1, 16})
                        .weights("w", {16, 16})
                        .weights("v", {16, 16})
                        .node("MatMul", {"y", "v"}, "z")
                        .node("MatMul", {"x", "w"}, "y")
                        .load();
  EXPECT_EQ(n.layers[0].name, "y");
  EXPECT_EQ(n.layers[1].name, "z");
}

}  // namespace
}  // namespace weft
