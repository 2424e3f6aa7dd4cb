// MobileNetV3-Large (Howard et al., ICCV 2019, table 1), with torchvision's squeeze-and-excitation widths.
// SPDX-License-Identifier: Apache-2.0
#include "workload/presets/mobilenet_v3.hpp"

#include "workload/presets/families.hpp"

namespace weft::presets {

Feature activate(NetworkBuilder& net, const Feature& in, Act act) {
  return act == Act::kRelu ? net.relu(in) : net.activation(in, "hard_swish", 4);
}

namespace {

// Scales each channel by a number computed from all channels' means.
Feature squeeze_excite(NetworkBuilder& net, const std::string& name, const Feature& in) {
  const std::int64_t narrow = rounded_channels(static_cast<double>(in.channels / 4));
  Feature s = net.global_pool_layer(name + "_pool", in);
  s = net.relu(net.conv(name + "_reduce", s, {.out = narrow, .finish = Finish::kBias}));
  s = net.conv(name + "_expand", s, {.out = in.channels, .finish = Finish::kBias});
  return net.multiply_layer(name + "_scale", in, net.activation(s, "hard_sigmoid", 3));
}

}  // namespace

Feature v3_block(NetworkBuilder& net, const std::string& name, const Feature& in, const V3Block& row) {
  Feature x = in;
  if (row.expanded != in.channels) {
    x = activate(net, net.conv(name + "_expand", x, {.out = row.expanded}), row.act);
  }
  x = net.conv(name + "_depthwise", x,
               {.out = row.expanded,
                .kernel = row.kernel,
                .stride = row.stride,
                .pad = row.kernel / 2,
                .groups = row.expanded});
  x = activate(net, x, row.act);
  if (row.squeeze == Squeeze::kYes) {
    x = squeeze_excite(net, name + "_se", x);
  }
  x = net.conv(name + "_project", x, {.out = row.out});
  return row.stride == 1 && in.channels == row.out ? net.add(x, in) : x;
}

namespace {

constexpr V3Block kRows[] = {
    {3, 16, 16, 1, Squeeze::kNo, Act::kRelu},         {3, 64, 24, 2, Squeeze::kNo, Act::kRelu},
    {3, 72, 24, 1, Squeeze::kNo, Act::kRelu},         {5, 72, 40, 2, Squeeze::kYes, Act::kRelu},
    {5, 120, 40, 1, Squeeze::kYes, Act::kRelu},       {5, 120, 40, 1, Squeeze::kYes, Act::kRelu},
    {3, 240, 80, 2, Squeeze::kNo, Act::kHardSwish},   {3, 200, 80, 1, Squeeze::kNo, Act::kHardSwish},
    {3, 184, 80, 1, Squeeze::kNo, Act::kHardSwish},   {3, 184, 80, 1, Squeeze::kNo, Act::kHardSwish},
    {3, 480, 112, 1, Squeeze::kYes, Act::kHardSwish}, {3, 672, 112, 1, Squeeze::kYes, Act::kHardSwish},
    {5, 672, 160, 2, Squeeze::kYes, Act::kHardSwish}, {5, 960, 160, 1, Squeeze::kYes, Act::kHardSwish},
    {5, 960, 160, 1, Squeeze::kYes, Act::kHardSwish},
};

}  // namespace

Network mobilenet_v3_large(const PresetOptions& options) {
  NetworkBuilder net("mobilenet_v3_large", options.batch);
  const std::int64_t size = resolution_or(options, 224);
  Feature x = net.conv("conv1", net.input(3, size, size), {.out = 16, .kernel = 3, .stride = 2, .pad = 1});
  x = activate(net, x, Act::kHardSwish);
  int index = 1;
  for (const V3Block& row : kRows) {
    x = v3_block(net, "block" + std::to_string(index++), x, row);
  }
  x = activate(net, net.conv("conv_last", x, {.out = 960}), Act::kHardSwish);
  x = NetworkBuilder::flatten(net.average_pool(x, 1, 1));
  x = activate(net, net.linear("fc1", x, 1280), Act::kHardSwish);
  net.linear("fc2", x, 1000);
  return net.take();
}

}  // namespace weft::presets
