// Plain stacks of convolutions: AlexNet (Krizhevsky 2014, "One weird trick", as in torchvision), VGG-16
// (Simonyan & Zisserman 2015) and SqueezeNet 1.1 (Iandola et al. 2016 and the authors' 1.1 release).
// SPDX-License-Identifier: Apache-2.0
#include "workload/presets/families.hpp"

namespace weft::presets {
namespace {

// Three fully connected layers; ReLU after the first two.
void classifier(NetworkBuilder& net, Feature x, int first_index) {
  x = NetworkBuilder::flatten(x);
  x = net.relu(net.linear("fc" + std::to_string(first_index), x, 4096));
  x = net.relu(net.linear("fc" + std::to_string(first_index + 1), x, 4096));
  net.linear("fc" + std::to_string(first_index + 2), x, 1000);
}

Feature fire(NetworkBuilder& net, const std::string& name, const Feature& in, std::int64_t squeeze,
             std::int64_t expand) {
  const Feature s = net.relu(net.conv(name + "_squeeze", in, {.out = squeeze, .finish = Finish::kBias}));
  const Feature e1 = net.relu(net.conv(name + "_expand1x1", s, {.out = expand, .finish = Finish::kBias}));
  const Feature e3 = net.relu(
      net.conv(name + "_expand3x3", s, {.out = expand, .kernel = 3, .pad = 1, .finish = Finish::kBias}));
  return net.concat(name + "_concat", {e1, e3});
}

}  // namespace

Network alexnet(const PresetOptions& options) {
  NetworkBuilder net("alexnet", options.batch);
  const std::int64_t size = resolution_or(options, 224);
  const PoolSpec pool{.kernel = 3, .stride = 2};
  const auto conv = [&net](int index, const Feature& in, ConvSpec spec) {
    spec.finish = Finish::kBias;
    return net.relu(net.conv("conv" + std::to_string(index), in, spec));
  };
  Feature x = conv(1, net.input(3, size, size), {.out = 64, .kernel = 11, .stride = 4, .pad = 2});
  x = net.max_pool(x, pool);
  x = net.max_pool(conv(2, x, {.out = 192, .kernel = 5, .pad = 2}), pool);
  x = conv(3, x, {.out = 384, .kernel = 3, .pad = 1});
  x = conv(4, x, {.out = 256, .kernel = 3, .pad = 1});
  x = net.max_pool(conv(5, x, {.out = 256, .kernel = 3, .pad = 1}), pool);
  classifier(net, net.average_pool(x, 6, 6), 6);
  return net.take();
}

Network vgg16(const PresetOptions& options) {
  NetworkBuilder net("vgg16", options.batch);
  const std::int64_t size = resolution_or(options, 224);
  Feature x = net.input(3, size, size);
  struct Stage {
    int convs;
    std::int64_t channels;
  };
  int index = 1;
  for (const Stage& stage : {Stage{2, 64}, Stage{2, 128}, Stage{3, 256}, Stage{3, 512}, Stage{3, 512}}) {
    for (int i = 1; i <= stage.convs; ++i) {
      const std::string name = "conv" + std::to_string(index) + "_" + std::to_string(i);
      x = net.relu(
          net.conv(name, x, {.out = stage.channels, .kernel = 3, .pad = 1, .finish = Finish::kBias}));
    }
    x = net.max_pool(x, {});
    ++index;
  }
  classifier(net, net.average_pool(x, 7, 7), 6);
  return net.take();
}

Network squeezenet(const PresetOptions& options) {
  NetworkBuilder net("squeezenet", options.batch);
  const std::int64_t size = resolution_or(options, 224);
  const PoolSpec pool{.kernel = 3, .stride = 2, .rounding = PoolSpec::Rounding::kUp};
  Feature x = net.input(3, size, size);
  x = net.relu(net.conv("conv1", x, {.out = 64, .kernel = 3, .stride = 2, .finish = Finish::kBias}));
  x = fire(net, "fire2", net.max_pool(x, pool), 16, 64);
  x = fire(net, "fire3", x, 16, 64);
  x = fire(net, "fire4", net.max_pool(x, pool), 32, 128);
  x = fire(net, "fire5", x, 32, 128);
  x = fire(net, "fire6", net.max_pool(x, pool), 48, 192);
  x = fire(net, "fire7", x, 48, 192);
  x = fire(net, "fire8", x, 64, 256);
  x = fire(net, "fire9", x, 64, 256);
  x = net.relu(net.conv("conv10", x, {.out = 1000, .finish = Finish::kBias}));
  net.average_pool(x, 1, 1);
  return net.take();
}

}  // namespace weft::presets
