// What does cascade pruning leave of networks with attention?
// SPDX-License-Identifier: Apache-2.0
#include "workload/compress/attention.hpp"

#include <cmath>
#include <numeric>

#include <gtest/gtest.h>

#include "workload/compress.hpp"
#include "workload/presets.hpp"

namespace weft {
namespace {

using compress::Attention;
using compress::attentions;

const std::vector<std::string> kNetworks = {"bert_base", "gpt2_prefill", "gpt2_decode", "vit_b_16"};

TrainedNetwork whole(const std::string& name) {
  TrainedNetwork result{.network = network_presets().at(name)({.batch = name == "bert_base" ? 3 : 1})};
  result.weights.resize(result.network.layers.size());
  return result;
}

TEST(Attention, IsFoundInEveryBlock) {
  for (const std::string& name : kNetworks) {
    const TrainedNetwork n = whole(name);
    const std::vector<Attention> all = attentions(n.network);
    ASSERT_EQ(all.size(), 12U) << name;
    for (const Attention& one : all) {
      EXPECT_EQ(one.heads, 12) << name;
      EXPECT_EQ(one.images, name == "bert_base" ? 3 : 1);
      EXPECT_EQ(one.projections.size(), name == "bert_base" ? 3U : 1U);
    }
  }
  EXPECT_TRUE(attentions(network_presets().at("resnet50")({})).empty());
}

TEST(Attention, SharesOfOneChangeNothing) {
  for (const std::string& name : kNetworks) {
    TrainedNetwork n = whole(name);
    const std::string before = print_yaml(n.network);
    (void)prune_attention(n, cascade(n.network, {}));
    EXPECT_EQ(print_yaml(n.network), before) << name;
  }
}

// Sizes along the network agree with each other and with what was asked for.
TEST(Attention, WhatIsGoneStaysGone) {
  for (const std::string& name : kNetworks) {
    for (const auto& [tokens, heads, values] :
         {std::array{0.3, 0.6, 0.5}, std::array{0.7, 1.0, 1.0}, std::array{1.0, 0.25, 0.1}}) {
      TrainedNetwork n = whole(name);
      const std::vector<Attention> before = attentions(n.network);
      const std::int64_t macs_before = macs(n.network);
      const std::vector<AttentionShares> shares = cascade(
          n.network,
          {.tokens = tokens, .heads = heads, .values = values, .tokens_from = 0.15, .heads_from = 0.3});
      (void)prune_attention(n, shares);
      ASSERT_EQ(validate(n.network), "") << name;
      EXPECT_LT(macs(n.network), macs_before);
      std::int64_t context = before.front().context;
      for (std::size_t a = 0; a < before.size(); ++a) {
        const Problem& scores = *n.network.layers[static_cast<std::size_t>(before[a].scores)].problem;
        const Problem& product = *n.network.layers[static_cast<std::size_t>(before[a].values)].problem;
        EXPECT_LE(scores.size(2), context);
        context = scores.size(2);
        EXPECT_EQ(context, std::llround(static_cast<double>(before[a].context) * shares[a].tokens));
        EXPECT_EQ(product.size(3),
                  std::max<std::int64_t>(1, std::llround(static_cast<double>(context) * shares[a].values)));
        const std::int64_t left = scores.size(0) / before[a].images;
        for (const int p : before[a].projections) {
          const Problem& made = *n.network.layers[static_cast<std::size_t>(p)].problem;
          EXPECT_EQ(made.size(2) % (left * 64), 0) << name;
          EXPECT_EQ(made.size(1), before[a].images * scores.size(1)) << name << " " << a;
        }
      }
      const Problem& last = *n.network.layers[static_cast<std::size_t>(before.back().scores)].problem;
      EXPECT_EQ(last.size(0), before.back().images * std::llround(12 * heads));
    }
  }
}

TEST(Attention, TokensThatGrowAreRefused) {
  TrainedNetwork n = whole("bert_base");
  std::vector<AttentionShares> shares(12, AttentionShares{0.5, 1, 1});
  shares[7].tokens = 0.6;
  EXPECT_THROW((void)prune_attention(n, shares), std::invalid_argument);
  EXPECT_THROW((void)prune_attention(n, {}), std::invalid_argument);
  EXPECT_THROW((void)cascade(n.network, {.tokens = 0}), std::invalid_argument);
}

// Bits of keys that are fetched: the first part of all, the rest of some heads.
TEST(Attention, KeysInPartsAddUp) {
  for (const double again : {0.0, 0.25, 0.5, 1.0}) {
    TrainedNetwork n = whole("gpt2_decode");
    const std::int64_t macs_before = macs(n.network);
    (void)fetch_in_parts(n, {.first = 6, .rest = 4, .again = again});
    ASSERT_EQ(validate(n.network), "");
    double bits = 0, keys = 0, scores_macs = 0;
    for (const Layer& layer : n.network.layers) {
      if (layer.name.find("_scores") != std::string::npos) {
        const TensorShape& tensor = layer.problem->tensor(Role::kWeights);
        bits += static_cast<double>(words(tensor)) * tensor.bits;
        keys += layer.name.find("_again") == std::string::npos ? static_cast<double>(words(tensor)) : 0;
        scores_macs +=
            layer.name.find("_again") == std::string::npos ? static_cast<double>(macs(*layer.problem)) : 0;
      }
    }
    EXPECT_DOUBLE_EQ(bits / keys, 6 + again * 4);
    EXPECT_DOUBLE_EQ(static_cast<double>(macs(n.network)),
                     static_cast<double>(macs_before) + again * scores_macs);
  }
}

}  // namespace
}  // namespace weft
