// Are the trained words of a file found, in the problem's order, and their zeros counted where they stand?
// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>

#include "base/rng.hpp"
#include "tests/unit/workload/onnx_model.hpp"
#include "workload/positions.hpp"

namespace weft {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using testing_onnx::Dims;
using testing_onnx::Model;

constexpr int kFloat = onnx::TensorProto::FLOAT, kInt8 = onnx::TensorProto::INT8,
              kUint8 = onnx::TensorProto::UINT8;

TrainedNetwork load(const Model& model) {
  return load_trained_onnx(model.save());
}

std::vector<int> nonzeros(const Layer& layer) {
  Rng rng(1);
  const Bitmap bitmap = random_positions(layer.problem->tensor(Role::kWeights), rng);
  std::vector<int> result;
  for (std::int64_t i = bitmap.next(0); i < bitmap.size(); i = bitmap.next(i + 1)) {
    result.push_back(static_cast<int>(i));
  }
  return result;
}

TEST(OnnxWeights, ZerosOfAConvolutionAreCountedWhereTheyStand) {
  const TrainedNetwork n = load(Model()
                                    .input("x", {1, 2, 4, 4})
                                    .tensor("w", kFloat, {2, 2, 1, 2}, {0, 1, 0, 0, 2, 0, 0, -3})
                                    .node("Conv", {"x", "w"}, "y"));
  const TensorShape& weights = n.network.layers[0].problem->tensor(Role::kWeights);
  EXPECT_EQ(weights.density, 3.0 / 8);
  EXPECT_EQ(weights.model.pattern, Pattern::kMeasured);
  EXPECT_THAT(nonzeros(n.network.layers[0]), ElementsAre(1, 4, 7));
  EXPECT_THAT(n.weights[0], ElementsAre(0, 1, 0, 0, 2, 0, 0, -3));
}

TEST(OnnxWeights, ProductsAreTurnedToReductionByFilters) {
  // Gemm with transB holds [N][K]; the problem's weights are [K][N].
  const std::vector<float> rows = {1, 0, 3, 4, 5, 0};
  const TrainedNetwork gemm = load(Model()
                                       .input("x", {1, 3})
                                       .tensor("w", kFloat, {2, 3}, rows)
                                       .node("Gemm", {"x", "w"}, "y")
                                       .with("transB", 1));
  EXPECT_THAT(gemm.weights[0], ElementsAre(1, 4, 0, 5, 3, 0));
  const TrainedNetwork turned = load(Model()
                                         .input("x", {1, 3})
                                         .tensor("w", kFloat, {2, 3}, rows)
                                         .node("Transpose", {"w"}, "t")
                                         .node("MatMul", {"x", "t"}, "y"));
  EXPECT_THAT(turned.weights[0], ElementsAre(1, 4, 0, 5, 3, 0));
  EXPECT_THAT(nonzeros(turned.network.layers[0]), ElementsAre(0, 1, 3, 4));
  // The first factor is trained: [M][K] times [K][N], the transposed product.
  const TrainedNetwork first =
      load(Model().input("x", {3, 5}).tensor("w", kFloat, {2, 3}, rows).node("MatMul", {"w", "x"}, "y"));
  EXPECT_THAT(first.weights[0], ElementsAre(1, 4, 0, 5, 3, 0));
}

TEST(OnnxWeights, AQuantisedZeroIsTheZeroPoint) {
  const TrainedNetwork n = load(Model()
                                    .input("x", {1, 2, 4, 4})
                                    .tensor("s", kFloat, {2}, {0.5F, 2})
                                    .tensor("z", kUint8, {2}, {128, 7})
                                    .tensor("w", kUint8, {2, 2, 1, 1}, {128, 130, 7, 0})
                                    .node("DequantizeLinear", {"w", "s", "z"}, "r")
                                    .with("axis", 0)
                                    .node("Conv", {"x", "r"}, "y"));
  EXPECT_THAT(n.weights[0], ElementsAre(0, 1, 0, -14));
  EXPECT_EQ(n.network.layers[0].problem->tensor(Role::kWeights).density, 0.5);
  EXPECT_EQ(n.network.layers[0].problem->tensor(Role::kWeights).bits, 8);
}

TEST(OnnxWeights, WhatAQuantiserRoundsToNothingIsZero) {
  const TrainedNetwork n = load(Model()
                                    .input("x", {1, 4})
                                    .tensor("s", kFloat, {}, {0.5F})
                                    .tensor("z", kInt8, {}, {3})
                                    .tensor("w", kFloat, {4, 1}, {0.2F, -0.25F, 0.3F, 1})
                                    .node("QuantizeLinear", {"w", "s", "z"}, "q")
                                    .node("DequantizeLinear", {"q", "s", "z"}, "r")
                                    .node("MatMul", {"x", "r"}, "y"));
  EXPECT_THAT(n.weights[0], ElementsAre(0, 0, 0.5F, 1));  // 0.25 / 0.5 rounds to even
}

TEST(OnnxWeights, IntegerOperatorsSubtractTheirZeroPoint) {
  const TrainedNetwork n = load(Model()
                                    .input("x", {1, 2})
                                    .of_type(kUint8)
                                    .tensor("xz", kUint8, {}, {0})
                                    .tensor("z", kInt8, {2}, {1, 5})
                                    .tensor("w", kInt8, {2, 2}, {1, 5, 2, 6})
                                    .node("MatMulInteger", {"x", "w", "xz", "z"}, "y"));
  EXPECT_THAT(n.weights[0], ElementsAre(0, 0, 1, 1));
}

TEST(OnnxWeights, ATransposedConvolutionMirrorsItsTaps) {
  // [C = 1][K = 2][1 x 3], stride 1, padding 0: taps from the last to the first.
  const TrainedNetwork n = load(Model()
                                    .input("x", {1, 1, 1, 4})
                                    .tensor("w", kFloat, {1, 2, 1, 3}, {1, 2, 3, 4, 0, 6})
                                    .node("ConvTranspose", {"x", "w"}, "y"));
  EXPECT_THAT(n.weights[0], ElementsAre(3, 2, 1, 6, 0, 4));
}

TEST(OnnxWeights, RawBytesOfEveryWidth) {
  const auto words = [](int type, const std::string& bytes) {
    return load(Model()
                    .input("x", {1, 3})
                    .tensor("w", type, {3, 1}, {})
                    .as_bytes(bytes)
                    .node("MatMul", {"x", "w"}, "y"))
        .weights[0];
  };
  EXPECT_THAT(words(onnx::TensorProto::FLOAT16, std::string("\x00\x3c\x00\x80\x01\x00", 6)),
              ElementsAre(1, 0, 0x1p-24F));
  EXPECT_THAT(words(onnx::TensorProto::BFLOAT16, std::string("\x80\x3f\x00\x00\x00\xc0", 6)),
              ElementsAre(1, 0, -2));
  EXPECT_THAT(words(22, std::string("\xf1\x08", 2)), ElementsAre(1, -1, -8));  // int4, low half first
  EXPECT_THAT(words(21, std::string("\xf1\x08", 2)), ElementsAre(1, 15, 8));
  EXPECT_THAT(words(kInt8, std::string("\x01\xff", 2)), IsEmpty());  // shorter than the dims say
}

TEST(OnnxWeights, ExternalDataInsideTheFolderOnly) {
  const std::filesystem::path folder = ::testing::TempDir();
  const std::vector<float> words = {0, 7, 0, 9};
  std::ofstream(folder / "weft_words.bin", std::ios::binary)
      .write(reinterpret_cast<const char*>(words.data()), 16);
  const auto model = [](const std::string& file, std::int64_t offset, std::int64_t rows) {
    return Model()
        .input("x", {1, rows})
        .tensor("w", kFloat, {rows, 1}, {})
        .in_file(file, offset)
        .node("MatMul", {"x", "w"}, "y");
  };
  EXPECT_THAT(load(model("weft_words.bin", 4, 3)).weights[0], ElementsAre(7, 0, 9));
  EXPECT_THAT(load(model("weft_words.bin", 8, 3)).weights[0], IsEmpty());   // too short from there on
  EXPECT_THAT(load(model("weft_words.bin", -4, 3)).weights[0], IsEmpty());  // no such place
  EXPECT_THAT(load(model("weft_absent.bin", 0, 3)).weights[0], IsEmpty());
  EXPECT_EQ(model("../weft_words.bin", 0, 3).mistake(), "external-path");
  // A link that leads outside is not followed.
  const std::filesystem::path link = folder / "weft_link.bin";
  std::filesystem::remove(link);
  std::filesystem::create_symlink("/bin/sh", link);
  EXPECT_THAT(load(model("weft_link.bin", 0, 3)).weights[0], IsEmpty());
  std::filesystem::remove(link);
}

// Would take 3^60 steps if scales were looked for as far as words are.
TEST(OnnxWeights, QuantisersOfQuantisersEnd) {
  Model model;
  model.input("x", {1, 1}).tensor("w0", kFloat, {1, 1}, {1});
  for (int i = 0; i < 60; ++i) {
    const std::string from = "w" + std::to_string(i);
    model.node("DequantizeLinear", {from, from, from}, "w" + std::to_string(i + 1));
  }
  EXPECT_THAT(load(model.node("MatMul", {"x", "w60"}, "y")).weights[0], IsEmpty());
}

TEST(OnnxWeights, NothingButZerosIsAFileWithoutWeights) {
  const TrainedNetwork n = load(
      Model().input("x", {1, 2}).tensor("w", kFloat, {2, 2}, {0, 0, 0, 0}).node("MatMul", {"x", "w"}, "y"));
  EXPECT_EQ(n.network.layers[0].problem->tensor(Role::kWeights).density, 1);
}

TEST(OnnxWeights, WithoutPlaceTheShareIsWrittenDown) {
  const TrainedNetwork n = load(
      Model().input("x", {1, 4}).tensor("w", kFloat, {4, 1}, {0, 1, 1, 1}).node("MatMul", {"x", "w"}, "y"));
  EXPECT_THAT(print_yaml(n.network), ::testing::HasSubstr("weights: 0.75"));
}

}  // namespace
}  // namespace weft
