// Are the Transformers of the HAT space those that their authors published?
// SPDX-License-Identifier: Apache-2.0
#include "workload/hat.hpp"

#include <algorithm>
#include <stdexcept>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "base/rng.hpp"

namespace weft {
namespace {

// Sub-networks for WMT'14 English-German (configs/wmt14.en-de/subtransformer of the authors' repository): FFN
// in thousands of 1024 per layer, heads, encoder layers attended to. Millions of parameters and 1e9
// operations (two per MAC, 30 tokens) from the table of its README, which leaves out embeddings and the
// output layer.
struct Published {
  const char* name;
  std::int64_t embed;
  const char *encoder_ffn, *decoder_ffn, *encoder_heads, *decoder_heads, *cross_heads, *cross_layers;
  double parameters_m, operations_g;
};

const Published kPublished[] = {
    {"raspberrypi@3.5s", 512, "133222", "3", "484448", "8", "8", "1", 25.22, 1.53},
    {"raspberrypi@4.0s", 512, "323232", "12", "888488", "44", "88", "11", 29.42, 1.78},
    {"raspberrypi@5.0s", 512, "333233", "123", "888884", "488", "488", "121", 36.77, 2.26},
    {"raspberrypi@6.0s", 512, "333333", "2233", "444884", "4884", "4888", "1121", 44.13, 2.70},
    {"raspberrypi@6.9s", 512, "333333", "22332", "848888", "88848", "48888", "12221", 48.33, 3.02},
    {"xeon@137.9ms", 512, "333333", "3", "488888", "8", "8", "2", 30.47, 1.87},
    {"xeon@340.2ms", 512, "333333", "3333", "448884", "8884", "4888", "1221", 46.23, 2.86},
    {"xeon@369.6ms", 512, "333333", "33333", "848884", "88848", "48888", "12221", 51.48, 3.21},
    {"xeon@450.9ms", 512, "333333", "333333", "448884", "888444", "488888", "122211", 56.73, 3.53},
    {"titanxp@91.2ms", 512, "333333", "33", "488488", "88", "88", "12", 35.72, 2.19},
    {"titanxp@126.0ms", 512, "333333", "333", "448884", "888", "488", "122", 40.97, 2.54},
    {"titanxp@146.7ms", 640, "333333", "333", "488844", "888", "488", "122", 51.20, 3.17},
    {"titanxp@208.1ms", 512, "333333", "22333", "848884", "88848", "48888", "12221", 49.38, 3.09},
};

void digits(std::array<std::int64_t, HatTransformer::kSlots>& values, const std::string& text,
            std::int64_t unit) {
  for (std::size_t i = 0; i < text.size(); ++i) {
    values.at(i) = unit * (text[i] - '0');
  }
}

HatTransformer config_of(const Published& published) {
  HatTransformer config{.encoder_embed = published.embed, .decoder_embed = published.embed};
  config.decoder_layers = static_cast<int>(std::string(published.decoder_ffn).size());
  digits(config.encoder_ffn, published.encoder_ffn, 1024);
  digits(config.decoder_ffn, published.decoder_ffn, 1024);
  digits(config.encoder_heads, published.encoder_heads, 1);
  digits(config.decoder_heads, published.decoder_heads, 1);
  digits(config.cross_heads, published.cross_heads, 1);
  digits(config.cross_layers, published.cross_layers, 1);
  return config;
}

// The authors' profiler (torchprofile) also counts a MAC for each word that is normalised.
std::int64_t normalised(const Network& network) {
  std::int64_t elements = 0;
  for (const Layer& layer : network.layers) {
    for (const VectorOp& op : layer.post_ops) {
      elements += op.kind == VectorKind::kNormalisation ? layer.repeat * op.elements : 0;
    }
  }
  return elements;
}

TEST(Hat, NetworksHaveThePublishedSizes) {
  for (const Published& published : kPublished) {
    HatTransformer config = config_of(published);
    config.vocabulary = 0;
    const Network network = hat_transformer(config);
    EXPECT_NEAR(static_cast<double>(parameters(network)) / 1e6, published.parameters_m, 0.00501)
        << published.name;
    const std::int64_t counted = macs(network) + normalised(network);
    EXPECT_NEAR(2 * static_cast<double>(counted) / 1e9, published.operations_g, 0.00501) << published.name;
  }
}

HatTransformer random_config(Rng& rng) {
  HatTransformer config{.encoder_embed = rng.pick(std::vector<std::int64_t>{512, 640}),
                        .decoder_embed = rng.pick(std::vector<std::int64_t>{512, 640})};
  config.decoder_layers = static_cast<int>(rng.uniform(1, 6));
  for (std::size_t i = 0; i < HatTransformer::kSlots; ++i) {
    config.encoder_ffn[i] = 1024 * rng.uniform(1, 3);
    config.decoder_ffn[i] = 1024 * rng.uniform(1, 3);
    config.encoder_heads[i] = 4 * rng.uniform(1, 2);
    config.decoder_heads[i] = 4 * rng.uniform(1, 2);
    config.cross_heads[i] = 4 * rng.uniform(1, 2);
    config.cross_layers[i] = rng.uniform(1, 3);
  }
  config.tokens = rng.uniform(1, 40);
  config.vocabulary = rng.chance(0.5) ? 0 : 1000;
  return config;
}

// A layer without its name, place and edges.
void add_layers(const Network& network, std::vector<std::string>& lines) {
  for (Layer layer : network.layers) {
    layer.name = "x";
    layer.inputs.clear();
    if (layer.problem) {
      layer.problem->name = "x";
    }
    lines.push_back(print_yaml(Network{.name = "n", .layers = {layer}, .unknown = {}}));
  }
}

TEST(Hat, PartsAreTheNetwork) {
  Rng rng(3);
  for (int i = 0; i < 20; ++i) {
    const HatTransformer config = random_config(rng);
    std::vector<std::string> whole, parts;
    const Network network = hat_transformer(config);
    EXPECT_EQ(validate(network), "");
    add_layers(network, whole);
    for (int part = 0; part < HatTransformer::kParts; ++part) {
      const Network alone = hat_part(config, part);
      EXPECT_TRUE(alone.layers.empty() || validate(alone).empty());
      add_layers(alone, parts);
    }
    std::sort(whole.begin(), whole.end());
    std::sort(parts.begin(), parts.end());
    EXPECT_EQ(whole, parts);
  }
}

// What the whole sentence costs does not depend on how many tokens the decoder takes at a time, so writing
// one token more costs what its layers say.
TEST(Hat, OneTokenMoreCostsOnePassOfTheDecoder) {
  Rng rng(4);
  HatTransformer config = random_config(rng);
  config.tokens = 2;
  const Network two = hat_transformer(config);
  std::int64_t first = 0, next = 0;
  for (const Layer& layer : two.layers) {
    const bool once = layer.name.find("_cross_k") != std::string::npos ||
                      layer.name.find("_cross_v") != std::string::npos || layer.name.rfind("encoder", 0) == 0;
    if (layer.problem && !once) {
      (layer.name.rfind("next_", 0) == 0 ? next : first) += macs(*layer.problem);
    }
  }
  EXPECT_GT(first, 0);
  EXPECT_EQ(first, next);
}

TEST(Hat, WhatMakesNoNetworkIsRefused) {
  Rng rng(5);
  const HatTransformer good = random_config(rng);
  for (int fault = 0; fault < 5; ++fault) {
    HatTransformer bad = good;
    bad.decoder_layers = fault == 0 ? 0 : bad.decoder_layers;
    bad.encoder_heads[2] = fault == 1 ? 3 : bad.encoder_heads[2];
    bad.cross_layers[0] = fault == 2 ? 7 : bad.cross_layers[0];
    bad.tokens = fault == 3 ? 0 : bad.tokens;
    bad.decoder_ffn[0] = fault == 4 ? 0 : bad.decoder_ffn[0];
    EXPECT_THROW((void)hat_transformer(bad), std::invalid_argument) << fault;
  }
}

}  // namespace
}  // namespace weft
