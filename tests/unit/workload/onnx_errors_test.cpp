// Are broken, hostile and unusual files refused with the right code, and never with a crash?
// SPDX-License-Identifier: Apache-2.0
#include <limits>
#include <sstream>

#include "base/rng.hpp"
#include "tests/unit/workload/onnx_model.hpp"

namespace weft {
namespace {

namespace fs = std::filesystem;
using testing_onnx::Dims;
using testing_onnx::Model;

std::string mistake_of(const fs::path& file) {
  try {
    static_cast<void>(load_network_onnx(file));
  } catch (const ConfigError& error) {
    return error.diagnostics().front().code;
  }
  return "accepted";
}

fs::path write(const std::string& bytes) {
  const std::string test = ::testing::UnitTest::GetInstance()->current_test_info()->name();
  fs::path file = fs::path(::testing::TempDir()) / ("weft_bytes_" + test + ".onnx");
  std::ofstream(file, std::ios::binary) << bytes;
  return file;
}

std::string fixture(const std::string& name) {
  std::ifstream stream(fs::path(WEFT_SOURCE_DIR) / "tests/fixtures/onnx" / name, std::ios::binary);
  std::stringstream bytes;
  bytes << stream.rdbuf();
  return bytes.str();
}

Model product(const Dims& in, const Dims& weights) {
  return Model().input("x", in).weights("w", weights).node("MatMul", {"x", "w"}, "y");
}

TEST(OnnxErrors, FilesThatAreNoModels) {
  EXPECT_EQ(mistake_of("/nowhere/model.onnx"), "missing-file");
  EXPECT_EQ(mistake_of(::testing::TempDir()), "not-a-file");
  EXPECT_EQ(mistake_of(write("")), "onnx-parse");
  EXPECT_EQ(mistake_of(write("name: not an onnx file\n")), "onnx-parse");
  EXPECT_EQ(mistake_of(write(fixture("resnet18.onnx").substr(0, 5000))), "onnx-parse");
  EXPECT_EQ(mistake_of(write(fixture("resnet18.onnx"))), "accepted");
}

TEST(OnnxErrors, ExternalPathsStayInTheFolder) {
  const auto at = [](const std::string& location) {
    return Model()
        .input("x", {1, 4})
        .weights("w", {4, 4}, location)
        .node("MatMul", {"x", "w"}, "y")
        .mistake();
  };
  EXPECT_EQ(at("weights/model.bin"), "accepted");
  EXPECT_EQ(at("a/../model.bin"), "accepted");
  EXPECT_EQ(at("../model.bin"), "external-path");
  EXPECT_EQ(at("a/../../model.bin"), "external-path");
  EXPECT_EQ(at("/etc/passwd"), "external-path");
  EXPECT_EQ(at(""), "external-path");
}

TEST(OnnxErrors, ShapesThatCannotBe) {
  const std::int64_t huge = std::numeric_limits<std::int64_t>::max();
  EXPECT_EQ(product({1, 4}, {4, 8}).mistake(), "accepted");
  EXPECT_EQ(product({1, 4}, {5, 8}).mistake(), "onnx-shape");
  EXPECT_EQ(product({1, -2}, {4, 8}).mistake(), "onnx-shape");
  EXPECT_EQ(product({huge, huge}, {huge, huge}).mistake(), "onnx-shape");
  EXPECT_EQ(product({1, 4}, {4, huge}).mistake(), "onnx-shape");
  EXPECT_EQ(product({1 << 30, 1 << 30}, {1 << 30, 1 << 30}).mistake(), "onnx-shape");
  EXPECT_EQ(product({1, 4}, {4, 0}).mistake(), "onnx-shape");
  EXPECT_EQ(product({-1, 4}, {4, 8}).mistake({.batch = 0}), "out-of-range");
  const Model conv = Model()
                         .input("x", {1, 3, 8, 8})
                         .weights("w", {4, 3, 3, 3})
                         .node("Conv", {"x", "w"}, "y")
                         .with("strides", Dims{0, 1});
  EXPECT_EQ(conv.mistake(), "onnx-shape");
  const Model pool =
      Model().input("x", {1, 3, 8, 8}).node("MaxPool", {"x"}, "y").with("kernel_shape", Dims{2, 2});
  EXPECT_EQ(pool.mistake(), "accepted");
  EXPECT_EQ(Model(pool).with("strides", Dims{1, 0}).mistake(), "onnx-shape");
}

TEST(OnnxErrors, NodesWhoseOperandsDoNotFitTheirOperator) {
  const auto with_weights = [](const std::string& op, const Dims& weights) {
    return Model().input("x", {1, 3, 8, 8}).weights("w", weights).node(op, {"x", "w"}, "y").mistake();
  };
  EXPECT_EQ(with_weights("Conv", {4, 3, 3, 3}), "accepted");
  for (const char* op : {"Conv", "ConvTranspose", "ConvInteger"}) {
    EXPECT_EQ(with_weights(op, {4}), "onnx-shape") << op;
    EXPECT_EQ(with_weights(op, {}), "onnx-shape") << op;
    EXPECT_EQ(with_weights(op, {4, 3, 3}), "onnx-shape") << op;
  }
  for (const char* op : {"Concat", "LayerNormalization", "Resize", "InstanceNormalization", "Gemm", "TopK"}) {
    EXPECT_EQ(Model().input("x", {2, 3}).node(op, {}, "y").mistake(), "onnx-shape") << op;
  }
}

TEST(OnnxErrors, GraphsThatAreNone) {
  const Model cycle = Model().node("Relu", {"b"}, "a").node("Relu", {"a"}, "b");
  EXPECT_EQ(cycle.mistake(), "onnx-cycle");
  const Model twice = Model().input("x", {1}).node("Relu", {"x"}, "a").node("Relu", {"x"}, "a");
  EXPECT_EQ(twice.mistake(), "onnx-parse");
  EXPECT_EQ(Model().input("x", {1}).mistake(), "onnx-parse");
  EXPECT_EQ(Model().input("x", {1}).node("Foo", {"x"}, "y").mistake(), "onnx-shape");
  EXPECT_EQ(Model().input("x", {1}).node("Relu", {"nobody"}, "y").mistake(), "onnx-shape");
}

TEST(OnnxErrors, DamagedFilesNeverCrash) {
  const std::string good = fixture("squeezenet1_1.onnx");
  int refused = 0;
  for (std::uint64_t seed = 0; seed < 300; ++seed) {
    Rng rng(seed);
    std::string bytes = good;
    for (std::int64_t i = rng.uniform(1, 8); i > 0; --i) {
      const auto at = static_cast<std::size_t>(rng.uniform(0, static_cast<std::int64_t>(bytes.size()) - 1));
      bytes[at] = static_cast<char>(rng.uniform(0, 255));
    }
    if (rng.chance(0.1)) {
      bytes.resize(bytes.size() / 2);
    }
    try {
      EXPECT_EQ(validate(load_network_onnx(write(bytes))), "") << "seed " << seed;
    } catch (const ConfigError&) {
      ++refused;
    }
  }
  EXPECT_GT(refused, 100);
}

}  // namespace
}  // namespace weft
