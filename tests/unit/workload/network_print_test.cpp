// Does a printed network load to the same network?
// SPDX-License-Identifier: Apache-2.0
#include <filesystem>
#include <fstream>

#include <gtest/gtest.h>

#include "workload/import.hpp"
#include "workload/presets.hpp"

namespace weft {
namespace {

namespace fs = std::filesystem;

Network again(const Network& network) {
  const std::string test = ::testing::UnitTest::GetInstance()->current_test_info()->name();
  const fs::path file = fs::path(::testing::TempDir()) / ("weft_print_" + test + ".yaml");
  std::ofstream(file) << print_yaml(network);
  return load_network_yaml(file);
}

void expect_equal(const VectorOp& a, const VectorOp& b) {
  EXPECT_EQ(a.name, b.name);
  EXPECT_EQ(a.kind, b.kind);
  EXPECT_EQ(a.elements, b.elements);
  EXPECT_EQ(a.ops_per_element, b.ops_per_element);
  EXPECT_EQ(a.extra_input_words, b.extra_input_words);
  EXPECT_EQ(a.output_words, b.output_words);
  EXPECT_EQ(a.standalone, b.standalone);
  EXPECT_EQ(a.bits, b.bits);
}

void expect_equal(const Layer& a, const Layer& b) {
  SCOPED_TRACE(a.name);
  EXPECT_EQ(a.name, b.name);
  EXPECT_EQ(a.inputs, b.inputs);
  EXPECT_EQ(a.repeat, b.repeat);
  EXPECT_EQ(a.parameters, b.parameters);
  ASSERT_EQ(a.problem.has_value(), b.problem.has_value());
  if (a.problem) {
    EXPECT_TRUE(same_shape(*a.problem, *b.problem));
    EXPECT_EQ(a.problem->kind == "matmul", b.problem->kind == "matmul");
  }
  ASSERT_EQ(a.post_ops.size(), b.post_ops.size());
  for (std::size_t i = 0; i < a.post_ops.size(); ++i) {
    expect_equal(a.post_ops[i], b.post_ops[i]);
  }
}

void expect_round_trip(const Network& network) {
  SCOPED_TRACE(network.name);
  const Network copy = again(network);
  EXPECT_EQ(network.name, copy.name);
  ASSERT_EQ(network.layers.size(), copy.layers.size());
  for (std::size_t i = 0; i < network.layers.size(); ++i) {
    expect_equal(network.layers[i], copy.layers[i]);
  }
  ASSERT_EQ(network.unknown.size(), copy.unknown.size());
  for (std::size_t i = 0; i < network.unknown.size(); ++i) {
    EXPECT_EQ(network.unknown[i].op_type, copy.unknown[i].op_type);
    EXPECT_EQ(network.unknown[i].node, copy.unknown[i].node);
  }
  EXPECT_EQ(print_yaml(network), print_yaml(copy));
}

TEST(NetworkPrint, EveryPresetLoadsAgain) {
  for (const std::string& name : network_presets().names()) {
    for (const std::int64_t batch : {1, 3}) {
      Network network = network_presets().at(name)({.batch = batch});
      expect_round_trip(network);
      set_bits(network, 4, 16);
      expect_round_trip(network);
    }
  }
}

TEST(NetworkPrint, EveryFileLoadsAgain) {
  for (const char* folder : {"configs/network", "tests/fixtures/onnx"}) {
    for (const fs::directory_entry& entry : fs::directory_iterator(fs::path(WEFT_SOURCE_DIR) / folder)) {
      if (entry.path().extension() == ".yaml" || entry.path().extension() == ".onnx") {
        expect_round_trip(load_network(entry.path().string()));
      }
    }
  }
}

// What no preset has: uneven padding, strides and dilation, densities, names that YAML would take for
// something else.
TEST(NetworkPrint, RareShapesLoadAgain) {
  Network network{.name = "on"};
  Layer conv{.name = "a: [\"b\"] #\\\t1",
             .problem = make_conv({.in_channels = 6,
                                   .out_channels = 4,
                                   .in_h = 17,
                                   .in_w = 12,
                                   .kernel_h = 3,
                                   .kernel_w = 2,
                                   .stride_h = 3,
                                   .stride_w = 1,
                                   .dilation_h = 2,
                                   .dilation_w = 5,
                                   .pad_top = 1,
                                   .pad_bottom = 2,
                                   .pad_right = 3,
                                   .groups = 2})};
  conv.problem->tensor(Role::kInputs).density = 1.0 / 3;
  conv.problem->tensor(Role::kWeights).density = 1e-7;
  conv.problem->tensor(Role::kOutputs).bits = 32;
  network.layers.push_back(conv);
  Layer kernel_1{.name = "true",
                 .problem = make_conv({.in_h = 9, .in_w = 9, .stride_h = 4, .stride_w = 4, .dilation_h = 2})};
  kernel_1.repeat = 5;
  network.layers.push_back(kernel_1);
  network.layers.push_back(
      {.name = "1", .problem = make_einsum({.equation = "x,y->xy", .sizes = {{"x", 3}, {"y", 4}}})});
  network.layers.back().inputs = {0, 1};
  Layer experts{
      .name = "experts",
      .problem = make_gemm({.batch = 4, .m = 2, .n = 3, .k = 5, .weights = GemmShape::Weights::kBatched})};
  experts.problem->kind = "gemm";
  experts.parameters = 60;
  network.layers.push_back(experts);
  network.unknown = {{"Loop", "node \"7\""}};
  ASSERT_EQ(validate(network), "");
  expect_round_trip(network);
}

TEST(NetworkPrint, RefusesWhatTheFormatCannotSay) {
  Network network{.name = "odd",
                  .layers = {{.name = "odd", .problem = make_conv({.in_h = 5, .kernel_h = 3})}}};
  network.layers[0].problem->tensor(Role::kInputs).ranks[3].offset =
      -40;  // no window reaches the input's start
  EXPECT_THROW(static_cast<void>(print_yaml(network)), std::invalid_argument);
}

}  // namespace
}  // namespace weft
