// GoogLeNet (Szegedy et al., CVPR 2015) as torchvision builds it: batch norm, and a 3x3 where the paper has
// a 5x5 convolution. Without the auxiliary classifiers, which inference does not run.
// SPDX-License-Identifier: Apache-2.0
#include "workload/presets/families.hpp"

namespace weft::presets {
namespace {

struct Inception {
  const char* name;
  std::int64_t b1, b2_reduce, b2, b3_reduce, b3, b4;
};

Feature inception(NetworkBuilder& net, const Feature& in, const Inception& m) {
  const std::string name = std::string("inception") + m.name;
  const auto conv = [&net, &name](const std::string& part, const Feature& x, const ConvSpec& spec) {
    return net.relu(net.conv(name + part, x, spec));
  };
  const Feature b1 = conv("_1x1", in, {.out = m.b1});
  Feature b2 = conv("_3x3_reduce", in, {.out = m.b2_reduce});
  b2 = conv("_3x3", b2, {.out = m.b2, .kernel = 3, .pad = 1});
  Feature b3 = conv("_5x5_reduce", in, {.out = m.b3_reduce});
  b3 = conv("_5x5", b3, {.out = m.b3, .kernel = 3, .pad = 1});
  Feature b4 = net.pool_layer(name + "_pool", in, {.kernel = 3, .stride = 1, .pad = 1});
  b4 = conv("_pool_proj", b4, {.out = m.b4});
  return net.concat(name + "_concat", {b1, b2, b3, b4});
}

}  // namespace

Network googlenet(const PresetOptions& options) {
  NetworkBuilder net("googlenet", options.batch);
  const std::int64_t size = resolution_or(options, 224);
  const PoolSpec pool{.kernel = 3, .stride = 2, .rounding = PoolSpec::Rounding::kUp};
  Feature x = net.conv("conv1", net.input(3, size, size), {.out = 64, .kernel = 7, .stride = 2, .pad = 3});
  x = net.max_pool(net.relu(x), pool);
  x = net.relu(net.conv("conv2_reduce", x, {.out = 64}));
  x = net.relu(net.conv("conv2", x, {.out = 192, .kernel = 3, .pad = 1}));
  x = net.max_pool(x, pool);
  x = inception(net, x, {"3a", 64, 96, 128, 16, 32, 32});
  x = inception(net, x, {"3b", 128, 128, 192, 32, 96, 64});
  x = net.max_pool(x, pool);
  for (const Inception& module :
       {Inception{"4a", 192, 96, 208, 16, 48, 64}, Inception{"4b", 160, 112, 224, 24, 64, 64},
        Inception{"4c", 128, 128, 256, 24, 64, 64}, Inception{"4d", 112, 144, 288, 32, 64, 64},
        Inception{"4e", 256, 160, 320, 32, 128, 128}}) {
    x = inception(net, x, module);
  }
  x = net.max_pool(x, {.kernel = 2, .stride = 2, .rounding = PoolSpec::Rounding::kUp});
  x = inception(net, x, {"5a", 256, 160, 320, 32, 128, 128});
  x = inception(net, x, {"5b", 384, 192, 384, 48, 128, 128});
  net.linear("fc", NetworkBuilder::flatten(net.average_pool(x, 1, 1)), 1000);
  return net.take();
}

}  // namespace weft::presets
