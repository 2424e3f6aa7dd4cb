// U-Net (Ronneberger et al., MICCAI 2015, figure 1): one input channel, two classes, unpadded 3x3
// convolutions with bias, cropped skip connections. Its own input is 572 x 572, its output 388 x 388.
// SPDX-License-Identifier: Apache-2.0
#include <stdexcept>

#include "workload/presets/families.hpp"

namespace weft::presets {
namespace {

Feature double_conv(NetworkBuilder& net, const std::string& name, Feature x, std::int64_t channels) {
  for (const char* letter : {"a", "b"}) {
    x = net.relu(net.conv(name + letter, x, {.out = channels, .kernel = 3, .finish = Finish::kBias}));
  }
  return x;
}

}  // namespace

Network unet(const PresetOptions& options) {
  NetworkBuilder net("unet", options.batch);
  const std::int64_t size = resolution_or(options, 572);
  Feature x = net.input(1, size, size);
  std::vector<Feature> skips;
  std::int64_t channels = 64;
  for (int depth = 1; depth <= 4; ++depth, channels *= 2) {
    x = double_conv(net, "down" + std::to_string(depth), x, channels);
    skips.push_back(x);
    if (x.h % 2 != 0) {
      throw std::invalid_argument("U-Net halves odd maps at resolution " + std::to_string(size) +
                                  "; use 572 or another one that is 12 more than a multiple of 16");
    }
    x = net.max_pool(x, {});
  }
  x = double_conv(net, "bottom", x, channels);
  for (int depth = 4; depth >= 1; --depth) {
    channels /= 2;
    const std::string name = "up" + std::to_string(depth);
    x = net.upconv(name, x, channels, 2);
    Feature skip = skips[static_cast<std::size_t>(depth - 1)];
    skip.h = x.h;  // the crop
    skip.w = x.w;
    x = double_conv(net, name, net.concat(name + "_concat", {skip, x}), channels);
  }
  net.conv("out", x, {.out = 2, .finish = Finish::kBias});
  return net.take();
}

}  // namespace weft::presets
