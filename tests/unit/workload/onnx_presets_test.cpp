// Does an exported network mean the same as the preset of that name: MACs, parameters and every layer shape?
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <filesystem>

#include <gtest/gtest.h>

#include "workload/import.hpp"
#include "workload/presets.hpp"

namespace weft {
namespace {

struct Pair {
  const char* file;
  const char* preset;
};

class OnnxExport : public ::testing::TestWithParam<Pair> {};

std::string shape_text(const Problem& problem) {
  std::string text;
  for (const Dim& dim : problem.dims) {
    text += dim.name + std::to_string(dim.size) + " ";
  }
  for (const Rank& rank : problem.tensor(Role::kInputs).ranks) {
    text += "(" + std::to_string(rank.offset) + "," + std::to_string(rank.extent);
    for (const Term& term : rank.terms) {
      text += " " + std::to_string(term.dim) + "*" + std::to_string(term.coeff);
    }
    text += ")";
  }
  return text;
}

std::vector<std::string> shapes(const Network& network) {
  std::vector<std::string> result;
  for (const Layer& layer : network.layers) {
    if (layer.problem) {
      result.push_back(shape_text(*layer.problem));
    }
  }
  std::sort(result.begin(), result.end());
  return result;
}

TEST_P(OnnxExport, EqualsItsPreset) {
  const std::filesystem::path file = std::filesystem::path(WEFT_SOURCE_DIR) / "tests/fixtures/onnx" /
                                     (std::string(GetParam().file) + ".onnx");
  for (const std::int64_t batch : {1, 3}) {
    const Network imported = load_network_onnx(file, {.batch = batch});
    const Network preset = network_presets().at(GetParam().preset)({.batch = batch});
    EXPECT_EQ(validate(imported), "");
    EXPECT_TRUE(imported.unknown.empty());
    EXPECT_EQ(macs(imported), macs(preset));
    EXPECT_EQ(parameters(imported), parameters(preset));
    EXPECT_EQ(shapes(imported), shapes(preset));
  }
}

INSTANTIATE_TEST_SUITE_P(Torchvision, OnnxExport,
                         ::testing::Values(Pair{"alexnet", "alexnet"}, Pair{"vgg16", "vgg16"},
                                           Pair{"resnet18", "resnet18"}, Pair{"resnet50", "resnet50"},
                                           Pair{"mobilenet_v2", "mobilenet_v2"},
                                           Pair{"mobilenet_v3_large", "mobilenet_v3_large"},
                                           Pair{"googlenet", "googlenet"},
                                           Pair{"squeezenet1_1", "squeezenet"}, Pair{"vit_b_16", "vit_b_16"}),
                         [](const auto& one) { return std::string(one.param.file); });

}  // namespace
}  // namespace weft
