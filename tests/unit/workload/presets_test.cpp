// Do the preset networks have the published numbers of multiply-accumulates and parameters?
// SPDX-License-Identifier: Apache-2.0
#include "workload/presets.hpp"

#include <algorithm>
#include <map>
#include <stdexcept>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "workload/import.hpp"

namespace weft {
namespace {

using ::testing::HasSubstr;

struct Published {
  const char* name;
  double giga_macs;         // as published, to its last digit
  double last_digit;        // its weight
  std::int64_t parameters;  // 0: checked elsewhere
};

// MACs and parameters as torchvision's model pages state them (GFLOPS there are multiply-accumulates), with
// AlexNet to ViT; MobileNetV1 from table 8 of its paper (569 M; 4.2 M parameters, exactly 4,231,976 with 1000
// classes); BERT-base and GPT-2 small have the parameters of the published checkpoints.
constexpr Published kPublished[] = {
    {"alexnet", 0.71, 0.01, 61100840},           {"vgg16", 15.47, 0.01, 138357544},
    {"resnet18", 1.81, 0.01, 11689512},          {"resnet50", 4.09, 0.01, 25557032},
    {"mobilenet_v1", 0.569, 0.001, 4231976},     {"mobilenet_v2", 0.30, 0.01, 3504872},
    {"mobilenet_v3_large", 0.22, 0.01, 5483032}, {"googlenet", 1.50, 0.01, 6624904},
    {"squeezenet", 0.35, 0.01, 1235496},         {"vit_b_16", 17.56, 0.01, 86567656},
};

Network preset(const std::string& name, const PresetOptions& options = {}) {
  return network_presets().at(name)(options);
}

TEST(Presets, HaveThePublishedMacsAndParameters) {
  for (const Published& p : kPublished) {
    const Network network = preset(p.name);
    EXPECT_NEAR(static_cast<double>(macs(network)) / 1e9, p.giga_macs, 0.6 * p.last_digit) << p.name;
    EXPECT_EQ(parameters(network), p.parameters) << p.name;
  }
}

TEST(Presets, AreValidAndScaleWithTheBatch) {
  for (const auto& entry : network_presets().entries()) {
    const Network one = entry.item({});
    const Network three = entry.item({.batch = 3});
    EXPECT_EQ(validate(one), "") << entry.name;
    EXPECT_EQ(macs(three), 3 * macs(one)) << entry.name;
    EXPECT_EQ(parameters(three), parameters(one)) << entry.name;
    EXPECT_TRUE(one.unknown.empty());
  }
}

TEST(Presets, LanguageModelsAddUp) {
  // One encoder block of width 768: query, key, value and projection 4 * 768 * 768, MLP 2 * 4 * 768 * 768;
  // attention 2 * tokens * 768 for each token. BERT's pooler is one 768 x 768 product.
  const std::int64_t block = 12 * 768 * 768;
  EXPECT_EQ(macs(preset("bert_base")), 12 * 128 * (block + 2 * 128 * 768) + 768 * 768);
  EXPECT_EQ(parameters(preset("bert_base")), 109482240);
  const std::int64_t head = 768 * 50257;
  EXPECT_EQ(macs(preset("gpt2_prefill", {.resolution = 256})), 12 * 256 * (block + 2 * 256 * 768) + head);
  EXPECT_EQ(macs(preset("gpt2_decode", {.resolution = 256})), 12 * (block + 2 * 256 * 768) + head);
  EXPECT_EQ(parameters(preset("gpt2_prefill")), 124439808);
  EXPECT_EQ(parameters(preset("gpt2_decode")), 124439808);
}

TEST(Presets, UNetIsTheOneOfThePaper) {
  const Network network = preset("unet");
  // Output 388 x 388 with 2 channels (figure 1 of the paper).
  const Problem& last = *network.layers.back().problem;
  EXPECT_EQ(words(last.tensor(Role::kOutputs)), 2 * 388 * 388);
  // Weights and biases, stage by stage: two 3x3 convolutions on the way down ...
  std::int64_t expected = 0;
  const auto conv = [](std::int64_t in, std::int64_t out, std::int64_t taps) {
    return in * out * taps + out;
  };
  for (std::int64_t in = 1, out = 64; out <= 1024; in = out, out *= 2) {
    expected += conv(in, out, 9) + conv(out, out, 9);
  }
  // ... a 2x2 up-convolution and two 3x3 on the way up, and the 1x1 at the end.
  for (std::int64_t out = 512; out >= 64; out /= 2) {
    expected += conv(2 * out, out, 4) + conv(2 * out, out, 9) + conv(out, out, 9);
  }
  expected += conv(64, 2, 1);
  EXPECT_EQ(parameters(network), expected);
  EXPECT_EQ(expected, 31030658);
}

TEST(Presets, ResidualsJoinTheRightLayers) {
  const Network network = preset("resnet50");
  std::map<std::string, std::size_t> index;
  for (std::size_t i = 0; i < network.layers.size(); ++i) {
    index[network.layers[i].name] = i;
  }
  const auto input_names = [&](const std::string& name) {
    std::vector<std::string> names;
    for (const int input : network.layers[index.at(name)].inputs) {
      names.push_back(network.layers[static_cast<std::size_t>(input)].name);
    }
    return names;
  };
  EXPECT_THAT(input_names("conv2_1c"), ::testing::UnorderedElementsAre("conv2_1b", "conv2_1s"));
  EXPECT_THAT(input_names("conv2_2c"), ::testing::UnorderedElementsAre("conv2_2b", "conv2_1c"));
  EXPECT_THAT(input_names("conv3_1s"), ::testing::ElementsAre("conv2_3c"));
  EXPECT_THAT(input_names("fc"), ::testing::ElementsAre("conv5_3c"));
}

TEST(MobileNetV2, FollowsThePaperOverWidthsAndResolutions) {
  // Multiply-adds (M) and parameters (M) of the authors' checkpoints: github.com/tensorflow/models,
  // research/slim/nets/mobilenet, table "MobileNet V2 ImageNet checkpoints".
  struct Row {
    double width;
    std::int64_t resolution;
    double mega_macs, mega_parameters;
  };
  for (const Row& row : {Row{1.0, 224, 300, 3.47}, Row{1.0, 96, 56, 3.47}, Row{0.75, 224, 209, 2.61},
                         Row{0.5, 224, 97, 1.95}, Row{0.35, 224, 59, 1.66}, Row{1.4, 224, 582, 6.06}}) {
    const Network network = mobilenet_v2(row.width, row.resolution);
    EXPECT_NEAR(static_cast<double>(macs(network)) / 1e6, row.mega_macs, 0.02 * row.mega_macs) << row.width;
    EXPECT_NEAR(static_cast<double>(parameters(network)) / 1e6, row.mega_parameters,
                0.02 * row.mega_parameters)
        << row.width;
  }
  EXPECT_THROW(static_cast<void>(mobilenet_v2(0.0, 224)), std::invalid_argument);
}

TEST(Presets, RefuseImpossibleSizes) {
  const auto code = [](const std::string& name, const PresetOptions& options) {
    try {
      static_cast<void>(preset(name, options));
    } catch (const ConfigError& error) {
      return error.diagnostics().front().code;
    }
    return std::string("accepted");
  };
  EXPECT_EQ(code("resnet50", {.batch = 0}), "out-of-range");
  EXPECT_EQ(code("resnet50", {.resolution = -5}), "out-of-range");
  EXPECT_EQ(code("alexnet", {.resolution = 16}), "out-of-range");
  EXPECT_EQ(code("unet", {.resolution = 224}), "out-of-range");
  EXPECT_EQ(code("vit_b_16", {.resolution = 225}), "out-of-range");
  EXPECT_EQ(code("gpt2_prefill", {.resolution = 4096}), "out-of-range");
  EXPECT_EQ(code("vgg16", {.batch = std::int64_t{1} << 62}), "out-of-range");
  EXPECT_EQ(code("resnet51", {}), "unknown-name");
}

TEST(LoadNetwork, TakesNamesAsPeopleTypeThem) {
  EXPECT_EQ(load_network("bert-base").name, "bert_base");
  EXPECT_EQ(load_network("gpt2").name, "gpt2_prefill");
  EXPECT_EQ(macs(load_network("vgg16", {.batch = 2})), 2 * macs(preset("vgg16")));
  try {
    static_cast<void>(load_network("resnet-5O"));
    FAIL();
  } catch (const ConfigError& error) {
    EXPECT_EQ(error.diagnostics().front().code, "unknown-name");
    EXPECT_THAT(error.diagnostics().front().hint, HasSubstr("resnet50"));
  }
}

}  // namespace
}  // namespace weft
