// MobileNetV1 (Howard et al. 2017) and MobileNetV2 (Sandler et al., CVPR 2018, table 2).
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <stdexcept>

#include "workload/presets/families.hpp"

namespace weft::presets {

std::int64_t rounded_channels(double channels) {
  const std::int64_t rounded = std::max<std::int64_t>(8, static_cast<std::int64_t>(channels + 4) / 8 * 8);
  return static_cast<double>(rounded) < 0.9 * channels ? rounded + 8 : rounded;
}

namespace {

Feature depthwise(NetworkBuilder& net, const std::string& name, const Feature& in, std::int64_t stride) {
  return net.relu(net.conv(
      name, in, {.out = in.channels, .kernel = 3, .stride = stride, .pad = 1, .groups = in.channels}));
}

struct InvertedResidual {
  std::int64_t expansion, out, stride;
};

// 1x1 expansion (none at expansion 1), 3x3 depthwise, 1x1 projection without activation; a residual where
// the shapes allow it.
Feature inverted_residual(NetworkBuilder& net, const std::string& name, const Feature& in,
                          const InvertedResidual& block) {
  Feature x = in;
  if (block.expansion != 1) {
    x = net.relu(net.conv(name + "_expand", x, {.out = in.channels * block.expansion}));
  }
  x = depthwise(net, name + "_depthwise", x, block.stride);
  x = net.conv(name + "_project", x, {.out = block.out});
  return block.stride == 1 && in.channels == block.out ? net.add(x, in) : x;
}

}  // namespace

Network mobilenet_v1(const PresetOptions& options) {
  NetworkBuilder net("mobilenet_v1", options.batch);
  const std::int64_t size = resolution_or(options, 224);
  Feature x =
      net.relu(net.conv("conv1", net.input(3, size, size), {.out = 32, .kernel = 3, .stride = 2, .pad = 1}));
  struct Block {
    std::int64_t out, stride;
  };
  const std::vector<Block> blocks = {{64, 1},  {128, 2}, {128, 1}, {256, 2}, {256, 1},  {512, 2}, {512, 1},
                                     {512, 1}, {512, 1}, {512, 1}, {512, 1}, {1024, 2}, {1024, 1}};
  int index = 2;
  for (const Block& block : blocks) {
    const std::string name = "conv" + std::to_string(index++);
    x = depthwise(net, name + "_depthwise", x, block.stride);
    x = net.relu(net.conv(name + "_pointwise", x, {.out = block.out}));
  }
  net.linear("fc", NetworkBuilder::flatten(net.average_pool(x, 1, 1)), 1000);
  return net.take();
}

}  // namespace weft::presets

namespace weft {

Network mobilenet_v2(double width, std::int64_t resolution, std::int64_t batch) {
  using namespace presets;  // NOLINT(google-build-using-namespace): this function belongs to them
  if (!(width > 0.0 && width <= 16.0)) {
    throw std::invalid_argument("the width multiplier must be in (0, 16]");
  }
  struct Stage {
    std::int64_t expansion, channels, blocks, stride;
  };
  NetworkBuilder net("mobilenet_v2", batch);
  Feature x = net.relu(net.conv("conv1", net.input(3, resolution, resolution),
                                {.out = rounded_channels(32 * width), .kernel = 3, .stride = 2, .pad = 1}));
  int index = 1;
  for (const Stage& stage : {Stage{1, 16, 1, 1}, Stage{6, 24, 2, 2}, Stage{6, 32, 3, 2}, Stage{6, 64, 4, 2},
                             Stage{6, 96, 3, 1}, Stage{6, 160, 3, 2}, Stage{6, 320, 1, 1}}) {
    for (std::int64_t b = 0; b < stage.blocks; ++b) {
      const std::int64_t out = rounded_channels(static_cast<double>(stage.channels) * width);
      x = inverted_residual(net, "block" + std::to_string(index++), x,
                            {stage.expansion, out, b == 0 ? stage.stride : 1});
    }
  }
  x = net.relu(net.conv("conv_last", x, {.out = rounded_channels(1280 * std::max(1.0, width))}));
  net.linear("fc", NetworkBuilder::flatten(net.average_pool(x, 1, 1)), 1000);
  return net.take();
}

}  // namespace weft
