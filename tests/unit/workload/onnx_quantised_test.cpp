// Do quantisers and quantised operators give layers the widths that their tensors have?
// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>

#include "tests/unit/workload/onnx_model.hpp"

namespace weft {
namespace {

using ::testing::ElementsAre;
using testing_onnx::Dims;
using testing_onnx::Model;

constexpr int kFloat = onnx::TensorProto::FLOAT, kInt8 = onnx::TensorProto::INT8,
              kUint8 = onnx::TensorProto::UINT8, kInt16 = onnx::TensorProto::INT16, kUint4 = 21, kInt4 = 22;

// Weights, inputs, outputs.
std::vector<int> bits(const Layer& layer) {
  std::vector<int> result;
  for (const TensorShape& tensor : layer.problem->tensors) {
    result.push_back(tensor.bits);
  }
  return result;
}

// A quantiser of `from` and its inverse: `to`_q and `to`.
Model& pair(Model& model, const std::string& from, const std::string& to, int type) {
  const std::string zero = to + "_zero";
  return model.tensor(zero, type, {}, {0})
      .node("QuantizeLinear", {from, "scale", zero}, to + "_q")
      .node("DequantizeLinear", {to + "_q", "scale", zero}, to);
}

Model quantised_conv(int weight_type, int input_type, int output_type) {
  Model model;
  model.input("x", {1, 2, 4, 4}).tensor("scale", kFloat, {}, {0.5F});
  pair(model, "x", "x_real", input_type);
  model.tensor("w_zero", weight_type, {}, {0})
      .tensor("w", weight_type, {2, 2, 1, 1},
              weight_type == kInt4 || weight_type == kUint4 ? std::vector<float>{0x21, 0x43}
                                                            : std::vector<float>{1, 2, 3, 4})
      .node("DequantizeLinear", {"w", "scale", "w_zero"}, "w_real")
      .node("Conv", {"x_real", "w_real"}, "y")
      .node("Relu", {"y"}, "r");
  pair(model, "r", "out", output_type);
  return model;
}

TEST(OnnxBits, QuantisersSetEveryTensorOfALayer) {
  EXPECT_THAT(bits(quantised_conv(kInt8, kUint8, kUint8).load().layers[0]), ElementsAre(8, 8, 8));
  const Network n = quantised_conv(kInt4, kInt16, kUint8).load();
  EXPECT_THAT(bits(n.layers[0]), ElementsAre(4, 16, 8));
  ASSERT_EQ(n.layers[0].post_ops.size(), 1U);
  EXPECT_EQ(n.layers[0].post_ops[0].bits, 8);  // the Relu is fused and writes what the quantiser makes
  EXPECT_THAT(bits(quantised_conv(kUint4, kUint4, kInt16).load().layers[0]), ElementsAre(4, 4, 16));
}

TEST(OnnxBits, FloatsSayNothing) {
  const Network n = Model()
                        .input("x", {1, 2, 4, 4})
                        .tensor("w", kFloat, {1, 2, 1, 1}, {1, 2})
                        .node("Conv", {"x", "w"}, "y")
                        .load();
  EXPECT_THAT(bits(n.layers[0]), ElementsAre(8, 8, 8));
}

TEST(OnnxBits, TheWidestOfSeveralReadersCounts) {
  Model model;
  model.input("x", {1, 2, 4, 4})
      .tensor("scale", kFloat, {}, {0.5F})
      .tensor("w", kFloat, {2, 2, 1, 1}, {1, 2, 3, 4})
      .node("Conv", {"x", "w"}, "y");
  pair(model, "y", "narrow", kInt8);
  pair(model, "y", "wide", kInt16);
  EXPECT_THAT(bits(model.load().layers[0]), ElementsAre(8, 8, 16));
}

TEST(OnnxBits, IntegerOperatorsCarryTheirTypes) {
  const Network linear = Model()
                             .input("x", {1, 4})
                             .of_type(kInt8)
                             .tensor("s", kFloat, {}, {1})
                             .tensor("z", kInt8, {}, {0})
                             .tensor("w", kInt8, {4, 2}, {1, 2, 3, 4, 5, 6, 7, 8})
                             .node("QLinearMatMul", {"x", "s", "z", "w", "s", "z", "s", "z"}, "y")
                             .load();
  EXPECT_THAT(bits(linear.layers[0]), ElementsAre(8, 8, 8));
  const Network sums = Model()
                           .input("x", {1, 2, 4, 4})
                           .of_type(kUint8)
                           .tensor("w", kInt8, {1, 2, 1, 1}, {1, 2})
                           .node("ConvInteger", {"x", "w"}, "y")
                           .load();
  EXPECT_THAT(bits(sums.layers[0]), ElementsAre(8, 8, 32));  // nobody narrows the 32-bit sums
}

TEST(OnnxBits, StatedTypeOfAQuantiserWithoutZeroPoint) {
  const Network n = Model()
                        .input("x", {1, 2, 4, 4})
                        .tensor("s", kFloat, {}, {1})
                        .tensor("w", kFloat, {1, 2, 1, 1}, {1, 2})
                        .node("Conv", {"x", "w"}, "y")
                        .node("QuantizeLinear", {"y", "s"}, "q")
                        .with("output_dtype", kInt16)
                        .load();
  EXPECT_THAT(bits(n.layers[0]), ElementsAre(8, 8, 16));
}

// Would take 2^60 steps if every path were walked.
TEST(OnnxBits, PathsThatPartAndMeetAreWalkedOnce) {
  Model model;
  model.input("x", {1, 2, 4, 4})
      .tensor("w", kFloat, {2, 2, 1, 1}, {1, 2, 3, 4})
      .tensor("scale", kFloat, {}, {0.5F})
      .node("Conv", {"x", "w"}, "y0");
  for (int i = 0; i < 60; ++i) {
    const std::string from = "y" + std::to_string(i), to = "y" + std::to_string(i + 1);
    model.node("Add", {from, from}, to);
  }
  pair(model, "y60", "out", kInt16);
  EXPECT_THAT(bits(model.load().layers[0]), ElementsAre(8, 8, 16));
}

TEST(OnnxBits, WrittenAndReadAgain) {
  const Network n = quantised_conv(kInt4, kInt16, kUint8).load();
  const std::filesystem::path file = std::filesystem::path(::testing::TempDir()) / "weft_quantised.yaml";
  std::ofstream(file) << print_yaml(n);
  EXPECT_TRUE(same_shape(*load_network_yaml(file).layers[0].problem, *n.layers[0].problem));
}

}  // namespace
}  // namespace weft
