// Once-for-All MobileNetV3: stem and first block, five elastic stages, the layers before and after the pool.
// SPDX-License-Identifier: Apache-2.0
#include <cmath>
#include <stdexcept>

#include "workload/once_for_all.hpp"
#include "workload/presets/families.hpp"
#include "workload/presets/mobilenet_v3.hpp"

namespace weft {

namespace {

using presets::Act;
using presets::Feature;
using presets::NetworkBuilder;
using presets::rounded_channels;
using presets::Squeeze;

struct Stage {
  std::int64_t channels, stride;
  Squeeze squeeze;
  Act act;
};
constexpr std::array<Stage, OfaMobileNetV3::kStages> kStages = {{{24, 2, Squeeze::kNo, Act::kRelu},
                                                                 {40, 2, Squeeze::kYes, Act::kRelu},
                                                                 {80, 2, Squeeze::kNo, Act::kHardSwish},
                                                                 {112, 1, Squeeze::kYes, Act::kHardSwish},
                                                                 {160, 2, Squeeze::kYes, Act::kHardSwish}}};
constexpr std::int64_t kStem = 16;

std::int64_t scaled(std::int64_t channels, const OfaMobileNetV3& config) {
  return rounded_channels(static_cast<double>(channels) * config.width);
}

void check(const OfaMobileNetV3& config) {
  if (!(config.width > 0.0 && config.width <= 16.0) || config.resolution < 32 || config.resolution > 8192) {
    throw std::invalid_argument(
        "a Once-for-All MobileNetV3 has a width in (0, 16] and a resolution of 32 to 8192");
  }
  for (int slot = 0; slot < OfaMobileNetV3::kSlots; ++slot) {
    const auto at = static_cast<std::size_t>(slot);
    if (config.active(slot) && (config.kernel[at] < 1 || config.kernel[at] > 31 ||
                                config.kernel[at] % 2 == 0 || config.expand[at] < 1)) {
      throw std::invalid_argument("kernels are odd and expansions at least 1");
    }
  }
}

// The feature map that a stage (or, after the last, the final layers) takes. Convolutions of stride 2 halve
// upwards.
Feature stage_input(const NetworkBuilder& net, const OfaMobileNetV3& config, int stage) {
  std::int64_t size = (config.resolution + 1) / 2;
  std::int64_t channels = kStem;
  for (int s = 0; s < stage; ++s) {
    const Stage& row = kStages[static_cast<std::size_t>(s)];
    size = row.stride == 2 ? (size + 1) / 2 : size;
    channels = row.channels;
  }
  return net.input(scaled(channels, config), size, size);
}

Feature stem(NetworkBuilder& net, const OfaMobileNetV3& config) {
  const std::int64_t channels = scaled(kStem, config);
  Feature x = net.conv("conv1", net.input(3, config.resolution, config.resolution),
                       {.out = channels, .kernel = 3, .stride = 2, .pad = 1});
  x = activate(net, x, Act::kHardSwish);
  return v3_block(net, "block0", x, {3, channels, channels, 1, Squeeze::kNo, Act::kRelu});
}

Feature slot_block(NetworkBuilder& net, const OfaMobileNetV3& config, int slot, const Feature& in) {
  const Stage& stage = kStages[static_cast<std::size_t>(slot / OfaMobileNetV3::kDepth)];
  const int place = slot % OfaMobileNetV3::kDepth;
  const auto at = static_cast<std::size_t>(slot);
  const auto expanded = rounded_channels(static_cast<double>(in.channels * config.expand[at]));
  const std::string name =
      "stage" + std::to_string(slot / OfaMobileNetV3::kDepth + 1) + "_" + std::to_string(place + 1);
  return v3_block(net, name, in,
                  {config.kernel[at], expanded, scaled(stage.channels, config), place == 0 ? stage.stride : 1,
                   stage.squeeze, stage.act});
}

void finish(NetworkBuilder& net, const OfaMobileNetV3& config, const Feature& in) {
  Feature x = activate(net, net.conv("conv_last", in, {.out = scaled(960, config)}), Act::kHardSwish);
  x = NetworkBuilder::flatten(net.average_pool(x, 1, 1));
  x = activate(net, net.linear("mix", x, scaled(1280, config), presets::Finish::kNothing), Act::kHardSwish);
  net.linear("fc", x, 1000);
}

}  // namespace

Network ofa_mobilenet_v3(const OfaMobileNetV3& config) {
  check(config);
  NetworkBuilder net("ofa_mobilenet_v3", 1);
  Feature x = stem(net, config);
  for (int slot = 0; slot < OfaMobileNetV3::kSlots; ++slot) {
    x = config.active(slot) ? slot_block(net, config, slot, x) : x;
  }
  finish(net, config, x);
  return net.take();
}

Network ofa_part(const OfaMobileNetV3& config, int part) {
  check(config);
  NetworkBuilder net("part", 1);
  const int slot = part - 1;
  if (slot >= 0 && part < OfaMobileNetV3::kParts - 1 && !config.active(slot)) {
    return {.name = "part"};
  }
  if (part == 0) {
    (void)stem(net, config);
  } else if (part == OfaMobileNetV3::kParts - 1) {
    finish(net, config, stage_input(net, config, OfaMobileNetV3::kStages));
  } else {
    const int stage = slot / OfaMobileNetV3::kDepth;
    const bool first = slot % OfaMobileNetV3::kDepth == 0;
    (void)slot_block(net, config, slot, stage_input(net, config, first ? stage : stage + 1));
  }
  return net.take();
}

}  // namespace weft
