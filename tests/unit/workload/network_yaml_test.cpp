// Do network files become the networks they describe, and are their mistakes named?
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <filesystem>
#include <fstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/error.hpp"
#include "workload/import.hpp"
#include "workload/presets.hpp"

namespace weft {
namespace {

namespace fs = std::filesystem;
using ::testing::Contains;
using ::testing::ElementsAre;

fs::path write(const std::string& text) {
  const std::string test = ::testing::UnitTest::GetInstance()->current_test_info()->name();
  fs::path file = fs::path(::testing::TempDir()) / ("weft_network_" + test + ".yaml");
  std::ofstream(file) << text;
  return file;
}

Network load(const std::string& text) {
  return load_network_yaml(write(text));
}

// Codes of all diagnostics, with the line each points at.
std::vector<std::string> mistakes(const std::string& text) {
  std::vector<std::string> found;
  try {
    static_cast<void>(load(text));
  } catch (const ConfigError& error) {
    for (const Diagnostic& diagnostic : error.diagnostics()) {
      found.push_back(diagnostic.code + "@" + std::to_string(diagnostic.where.line));
    }
  }
  return found;
}

TEST(NetworkYaml, EveryExampleLoads) {
  int files = 0;
  for (const fs::directory_entry& entry :
       fs::directory_iterator(fs::path(WEFT_SOURCE_DIR) / "configs/network")) {
    if (entry.path().extension() == ".yaml") {
      const Network network = load_network_yaml(entry.path());
      EXPECT_EQ(validate(network), "") << entry.path();
      EXPECT_EQ(network.name, entry.path().stem()) << entry.path();
      ++files;
    }
  }
  EXPECT_GE(files, 4);
}

TEST(NetworkYaml, SampledResNetShapesAreThePresets) {
  const Network sample = load_network("resnet50_shapes");
  const Network whole = network_presets().at("resnet50")({});
  for (const Layer& layer : sample.layers) {
    std::int64_t copies = 0;
    for (const Layer& other : whole.layers) {
      copies += other.problem && same_shape(*other.problem, *layer.problem) ? 1 : 0;
    }
    EXPECT_EQ(copies, layer.repeat) << layer.name;
    EXPECT_TRUE(std::any_of(whole.layers.begin(), whole.layers.end(), [&](const Layer& other) {
      return other.name == layer.name && same_shape(*other.problem, *layer.problem);
    })) << layer.name;
  }
}

TEST(NetworkYaml, ReadsEveryKindAndSetting) {
  const Network n = load(R"(
network: all
batch: 2
bits: {weights: 4, outputs: 24}
density: 0.5
layers:
  - {name: c, kind: conv, in: [4, 9, 8], out: 6, kernel: [3, 2], stride: [2, 1], dilation: [1, 3],
     padding: [1, 0, 2, 1], groups: 2, repeat: 3, bits: 16, post: [bias, relu]}
  - {name: d, kind: depthwise, in: [8, 5, 5], kernel: 3, padding: 1, density: {inputs: 0.25}}
  - {name: l, kind: linear, in: 7, out: 5}
  - {name: g, kind: gemm, m: 3, n: 4, k: 5, batch: 6}
  - {name: m, kind: matmul, m: 3, n: 4, k: 5}
  - {name: e, kind: einsum, equation: "ab,bc->ac", sizes: {a: 2, b: 3, c: 4}}
  - {name: v, kind: vector, inputs: [c, e], post: [{op: concat, elements: 10, reads: 12, writes: 11, bits: 3}]}
)");
  ASSERT_EQ(n.layers.size(), 7U);
  const Problem conv = make_conv({.batch = 2,
                                  .in_channels = 4,
                                  .out_channels = 6,
                                  .in_h = 9,
                                  .in_w = 8,
                                  .kernel_h = 3,
                                  .kernel_w = 2,
                                  .stride_h = 2,
                                  .stride_w = 1,
                                  .dilation_h = 1,
                                  .dilation_w = 3,
                                  .pad_top = 1,
                                  .pad_left = 0,
                                  .pad_bottom = 2,
                                  .pad_right = 1,
                                  .groups = 2});
  EXPECT_EQ(macs(*n.layers[0].problem), macs(conv));
  EXPECT_EQ(n.layers[0].problem->tensor(Role::kInputs).ranks[3].offset, -1);
  EXPECT_EQ(n.layers[0].repeat, 3);
  EXPECT_EQ(n.layers[0].parameters, 6 * 2 * 3 * 2 + 6);
  EXPECT_EQ(n.layers[0].problem->tensor(Role::kWeights).bits, 16);
  EXPECT_EQ(n.layers[0].post_ops[1].kind, VectorKind::kActivation);
  EXPECT_EQ(n.layers[1].problem->kind, "depthwise");
  EXPECT_EQ(n.layers[1].problem->tensor(Role::kInputs).density, 0.25);
  EXPECT_EQ(n.layers[1].problem->tensor(Role::kWeights).density, 0.5);
  EXPECT_EQ(n.layers[1].problem->tensor(Role::kWeights).bits, 4);
  EXPECT_EQ(n.layers[1].problem->tensor(Role::kInputs).bits, 8);
  EXPECT_EQ(n.layers[1].problem->tensor(Role::kOutputs).bits, 24);
  EXPECT_EQ(macs(*n.layers[2].problem), 2 * 7 * 5);
  EXPECT_EQ(macs(*n.layers[3].problem), 6 * 3 * 4 * 5);
  EXPECT_EQ(macs(*n.layers[4].problem), 2 * 3 * 4 * 5);
  EXPECT_EQ(n.layers[4].parameters, 0);
  EXPECT_EQ(macs(*n.layers[5].problem), 2 * 3 * 4);
  EXPECT_FALSE(n.layers[6].problem.has_value());
  EXPECT_EQ(n.layers[6].post_ops[0].extra_input_words, 12);
  EXPECT_THAT(n.layers[6].inputs, ElementsAre(0, 5));
  EXPECT_THAT(n.layers[3].inputs, ElementsAre(2));
}

TEST(NetworkYaml, SortsLayersByWhoNeedsWhom) {
  const Network n = load(R"(
layers:
  - {name: last, kind: linear, in: 2, out: 2, inputs: [first]}
  - {name: first, kind: linear, in: 2, out: 2, inputs: []}
)");
  EXPECT_EQ(n.layers[0].name, "first");
  EXPECT_EQ(n.layers[1].name, "last");
  EXPECT_EQ(validate(n), "");
}

TEST(NetworkYaml, NamesTheMistake) {
  const auto layer = [](const std::string& text) { return mistakes("layers:\n  - {" + text + "}\n"); };
  EXPECT_THAT(mistakes("network: x\n"), ElementsAre("missing-key@1"));
  EXPECT_THAT(mistakes("layers: []\n"), Contains("out-of-range@1"));
  EXPECT_THAT(mistakes("layers: [conv]\n"), Contains("not-a-section@1"));
  EXPECT_THAT(layer("name: a, kind: cnov, in: [1, 1, 1], out: 1"), ElementsAre("unknown-name@2"));
  EXPECT_THAT(layer("name: a, kind: linear, in: 3"), ElementsAre("missing-key@2"));
  EXPECT_THAT(layer("name: a, kind: linear, in: 3, out: 0"), Contains("out-of-range@2"));
  EXPECT_THAT(layer("name: a, kind: linear, in: 3, out: 4, knerel: 3"), ElementsAre("unknown-key@2"));
  EXPECT_THAT(layer("name: a, kind: conv, in: [3, 4], out: 4"), Contains("wrong-length@2"));
  EXPECT_THAT(layer("name: a, kind: conv, in: [3, 4, 4], out: 4, stride: [1, 2, 3]"),
              Contains("wrong-length@2"));
  EXPECT_THAT(layer("name: a, kind: conv, in: [3, 4, 4], out: 4, kernel: 5"), ElementsAre("bad-shape@2"));
  EXPECT_THAT(layer("name: a, kind: conv, in: [3, 4, 4], out: 4, groups: 2"), ElementsAre("bad-shape@2"));
  EXPECT_THAT(layer("name: a, kind: einsum, equation: 'ab,bc', sizes: {a: 1}"), ElementsAre("bad-shape@2"));
  EXPECT_THAT(layer("name: a, kind: gemm, m: 1000000000000, n: 1000000000000, k: 9"),
              ElementsAre("bad-shape@2"));
  EXPECT_THAT(layer("name: a, kind: gemm, m: 9000000000000000000, n: 1, k: 1"), Contains("out-of-range@2"));
  EXPECT_THAT(layer("name: a, kind: linear, in: 3, out: 4, bits: 65"), Contains("out-of-range@2"));
  EXPECT_THAT(layer("name: a, kind: linear, in: 3, out: 4, density: 0"), Contains("out-of-range@2"));
  EXPECT_THAT(layer("name: a, kind: linear, in: 3, out: 4, post: [rleu]"), ElementsAre("unknown-name@2"));
  EXPECT_THAT(layer("name: a, kind: linear, in: 3, out: 4, inputs: [b]"), ElementsAre("unknown-layer@2"));
  EXPECT_THAT(layer("name: a, kind: linear, in: 3, out: 4, inputs: [a]"), ElementsAre("graph-cycle@2"));
  EXPECT_THAT(layer("name: a, kind: vector"), ElementsAre("missing-key@2"));
}

TEST(NetworkYaml, FindsCyclesDoublesAndOverflowingTotals) {
  const std::string linear = "kind: linear, in: 2, out: 2";
  EXPECT_THAT(
      mistakes("layers:\n  - {name: a, " + linear + ", inputs: [b]}\n  - {name: b, " + linear + "}\n"),
      ElementsAre("graph-cycle@2"));
  EXPECT_THAT(mistakes("layers:\n  - {name: a, " + linear + "}\n  - {name: a, " + linear + ", inputs: []}\n"),
              ElementsAre("duplicate-name@3"));
  const std::string large = "kind: gemm, m: 1000000000, n: 1000000000, k: 1, repeat: 1000000000000";
  EXPECT_THAT(mistakes("layers:\n  - {name: a, " + large + "}\n"), ElementsAre("bad-network@1"));
}

}  // namespace
}  // namespace weft
