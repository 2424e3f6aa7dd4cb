// ResNet-18 and ResNet-50 (He et al., CVPR 2016), with the stride in the 3x3 convolution of a bottleneck as
// torchvision has it. Names: conv<stage>_<block><letter>; the letter s is the 1x1 shortcut.
// SPDX-License-Identifier: Apache-2.0
#include "workload/presets/families.hpp"

namespace weft::presets {
namespace {

struct Stage {
  int blocks;
  std::int64_t width;
};

Feature stem(NetworkBuilder& net, std::int64_t size) {
  const Feature x =
      net.conv("conv1", net.input(3, size, size), {.out = 64, .kernel = 7, .stride = 2, .pad = 3});
  return net.max_pool(net.relu(x), {.kernel = 3, .stride = 2, .pad = 1});
}

Feature shortcut(NetworkBuilder& net, const std::string& name, const Feature& in, std::int64_t out,
                 std::int64_t stride) {
  return stride == 1 && in.channels == out ? in : net.conv(name + "s", in, {.out = out, .stride = stride});
}

Feature basic_block(NetworkBuilder& net, const std::string& name, const Feature& in, std::int64_t width,
                    std::int64_t stride) {
  const Feature a = net.conv(name + "a", in, {.out = width, .kernel = 3, .stride = stride, .pad = 1});
  net.relu(a);
  const Feature side = shortcut(net, name, in, width, stride);
  const Feature b = net.conv(name + "b", a, {.out = width, .kernel = 3, .pad = 1});
  return net.relu(net.add(b, side));
}

Feature bottleneck(NetworkBuilder& net, const std::string& name, const Feature& in, std::int64_t width,
                   std::int64_t stride) {
  const Feature a = net.relu(net.conv(name + "a", in, {.out = width}));
  const Feature b =
      net.relu(net.conv(name + "b", a, {.out = width, .kernel = 3, .stride = stride, .pad = 1}));
  const Feature side = shortcut(net, name, in, 4 * width, stride);
  return net.relu(net.add(net.conv(name + "c", b, {.out = 4 * width}), side));
}

template <class Block>
Network resnet(const std::string& name, const PresetOptions& options, const std::vector<Stage>& stages,
               const Block& block) {
  NetworkBuilder net(name, options.batch);
  Feature x = stem(net, resolution_or(options, 224));
  int index = 2;
  for (const Stage& stage : stages) {
    for (int b = 1; b <= stage.blocks; ++b) {
      const std::string block_name = "conv" + std::to_string(index) + "_" + std::to_string(b);
      x = block(net, block_name, x, stage.width, index > 2 && b == 1 ? 2 : 1);
    }
    ++index;
  }
  net.linear("fc", NetworkBuilder::flatten(net.average_pool(x, 1, 1)), 1000);
  return net.take();
}

}  // namespace

Network resnet18(const PresetOptions& options) {
  return resnet("resnet18", options, {{2, 64}, {2, 128}, {2, 256}, {2, 512}}, basic_block);
}

Network resnet50(const PresetOptions& options) {
  return resnet("resnet50", options, {{3, 64}, {4, 128}, {6, 256}, {3, 512}}, bottleneck);
}

}  // namespace weft::presets
