// Are shapes without channels those that pruning the words leaves?
// SPDX-License-Identifier: Apache-2.0
#include "workload/channel_widths.hpp"

#include <algorithm>
#include <cmath>

#include <gtest/gtest.h>

#include "base/rng.hpp"
#include "workload/compress.hpp"
#include "workload/presets.hpp"

namespace weft {
namespace {

Network at(const Network& network, const ChannelWidths& widths, const std::vector<std::int64_t>& kept) {
  Network result = network;
  for (std::size_t i = 0; i < network.layers.size(); ++i) {
    result.layers[i] = widths.layer(i, widths.width(i, kept));
  }
  return result;
}

class Channels : public ::testing::TestWithParam<const char*> {};

TEST_P(Channels, OneShareForAllIsWhatPruningLeaves) {
  const Network network = network_presets().at(GetParam())({});
  const ChannelWidths widths(network);
  ASSERT_FALSE(widths.sets().empty());
  for (const double share : {0.1, 0.5, 0.77, 1.0}) {
    std::vector<std::int64_t> kept;
    for (const ChannelWidths::Set& set : widths.sets()) {
      kept.push_back(
          std::clamp<std::int64_t>(std::llround(share * static_cast<double>(set.channels)), 1, set.channels));
    }
    TrainedNetwork trained{network, std::vector<std::vector<float>>(network.layers.size())};
    (void)prune_channels(trained, share, [](const Layer&) { return true; });
    EXPECT_EQ(print_yaml(at(network, widths, kept)), print_yaml(trained.network)) << share;
  }
}

TEST_P(Channels, AnySharesMakeANetworkThatIsNoLarger) {
  const Network network = network_presets().at(GetParam())({});
  const ChannelWidths widths(network);
  Rng rng(5);
  for (int i = 0; i < 20; ++i) {
    std::vector<std::int64_t> kept;
    for (const ChannelWidths::Set& set : widths.sets()) {
      kept.push_back(rng.uniform(1, set.channels));
    }
    const Network cut = at(network, widths, kept);
    EXPECT_EQ(validate(cut), "");
    EXPECT_LE(macs(cut), macs(network));
    EXPECT_LE(parameters(cut), parameters(network));
  }
}

INSTANTIATE_TEST_SUITE_P(Networks, Channels,
                         ::testing::Values("vgg16", "resnet50", "mobilenet_v1", "mobilenet_v2", "squeezenet",
                                           "mobilenet_v3_large", "googlenet"));

// MobileNetV1 with three quarters of all channels is the published network of width 0.75: 325 million MACs
// and 2.6 million parameters (Howard et al., MobileNets, 2017, table 6).
TEST(ChannelWidths, ThreeQuartersOfMobileNetV1AreItsPublishedWidth) {
  const Network network = network_presets().at("mobilenet_v1")({});
  const ChannelWidths widths(network);
  std::vector<std::int64_t> kept;
  for (const ChannelWidths::Set& set : widths.sets()) {
    kept.push_back(set.channels * 3 / 4);
  }
  const Network cut = at(network, widths, kept);
  EXPECT_NEAR(static_cast<double>(macs(cut)) / 1e6, 325, 0.5);
  EXPECT_NEAR(static_cast<double>(parameters(cut)) / 1e6, 2.6, 0.05);
}

}  // namespace
}  // namespace weft
