// Once-for-All ResNet-50D: a deep stem, four elastic stages of bottlenecks whose shortcuts pool before they
// project (the "D" of He et al., "Bag of Tricks", CVPR 2019).
// SPDX-License-Identifier: Apache-2.0
#include <cmath>
#include <stdexcept>

#include "workload/once_for_all.hpp"
#include "workload/presets/families.hpp"

namespace weft {

namespace {

using presets::Feature;
using presets::NetworkBuilder;
using presets::rounded_channels;

constexpr std::array<std::int64_t, OfaResNet50::kStages> kChannels = {256, 512, 1024, 2048};
constexpr std::int64_t kStem = 64;

std::int64_t stem_out(const OfaResNet50& config) {
  return rounded_channels(static_cast<double>(kStem) * config.width[1]);
}

std::int64_t stem_inside(const OfaResNet50& config) {
  const std::int64_t whole = rounded_channels(static_cast<double>(kStem) * config.width[0]);
  return rounded_channels(static_cast<double>(whole / 2));
}

std::int64_t stage_out(const OfaResNet50& config, int stage) {
  const auto at = static_cast<std::size_t>(stage);
  return rounded_channels(static_cast<double>(kChannels[at]) * config.width[at + 2]);
}

void check(const OfaResNet50& config) {
  const auto positive = [](double value) { return value > 0.0 && value <= 16.0; };
  bool sound = config.resolution >= 32 && config.resolution <= 8192;
  for (const double width : config.width) {
    sound = sound && positive(width);
  }
  for (int slot = 0; slot < OfaResNet50::kSlots; ++slot) {
    sound = sound && (!config.active(slot) || positive(config.expand[static_cast<std::size_t>(slot)]));
  }
  if (!sound) {
    throw std::invalid_argument(
        "a Once-for-All ResNet-50 has a resolution of 32 to 8192, widths and expansions in (0, 16]");
  }
}

Feature stem(NetworkBuilder& net, const OfaResNet50& config) {
  const std::int64_t inside = stem_inside(config);
  Feature x = net.relu(net.conv("stem1", net.input(3, config.resolution, config.resolution),
                                {.out = inside, .kernel = 3, .stride = 2, .pad = 1}));
  if (!config.stem_skip) {
    const Feature side = x;
    x = net.relu(net.conv("stem2", x, {.out = inside, .kernel = 3, .pad = 1}));
    x = net.add(x, side);
  }
  x = net.relu(net.conv("stem3", x, {.out = stem_out(config), .kernel = 3, .pad = 1}));
  return net.max_pool(x, {.kernel = 3, .stride = 2, .pad = 1});
}

Feature stage_input(const NetworkBuilder& net, const OfaResNet50& config, int stage, bool first) {
  std::int64_t size = ((config.resolution + 1) / 2 + 1) / 2;
  for (int s = 1; s < stage + (first ? 0 : 1); ++s) {
    size = (size + 1) / 2;
  }
  const int from = first ? stage - 1 : stage;
  return net.input(from < 0 ? stem_out(config) : stage_out(config, from), size, size);
}

Feature shortcut(NetworkBuilder& net, const std::string& name, const Feature& in, std::int64_t out,
                 std::int64_t stride) {
  if (stride == 1 && in.channels == out) {
    return in;
  }
  Feature x = in;
  if (stride == 2) {
    x = net.pool_layer(name + "p", in,
                       {.kernel = 2, .stride = 2, .rounding = presets::PoolSpec::Rounding::kUp});
  }
  return net.conv(name + "s", x, {.out = out});
}

Feature slot_block(NetworkBuilder& net, const OfaResNet50& config, int slot, const Feature& in) {
  const int stage = ofa_resnet50_stage(slot);
  const int place = slot - ofa_resnet50_first_slot(stage);
  const std::int64_t stride = stage > 0 && place == 0 ? 2 : 1;
  const std::int64_t out = stage_out(config, stage);
  const auto narrow = rounded_channels(
      std::nearbyint(static_cast<double>(out) * config.expand[static_cast<std::size_t>(slot)]));
  const std::string name = "conv" + std::to_string(stage + 2) + "_" + std::to_string(place + 1);
  Feature x = net.relu(net.conv(name + "a", in, {.out = narrow}));
  x = net.relu(net.conv(name + "b", x, {.out = narrow, .kernel = 3, .stride = stride, .pad = 1}));
  const Feature side = shortcut(net, name, in, out, stride);
  return net.relu(net.add(net.conv(name + "c", x, {.out = out}), side));
}

void finish(NetworkBuilder& net, const Feature& in) {
  const Feature pooled = net.global_pool_layer("pool", in);
  net.linear("fc", NetworkBuilder::flatten(pooled), 1000);
}

}  // namespace

int ofa_resnet50_first_slot(int stage) {
  int slot = 0;
  for (int s = 0; s < stage; ++s) {
    slot += OfaResNet50::kBaseDepth[static_cast<std::size_t>(s)] + 2;
  }
  return slot;
}

int ofa_resnet50_stage(int slot) {
  int stage = 0;
  while (stage + 1 < OfaResNet50::kStages && slot >= ofa_resnet50_first_slot(stage + 1)) {
    ++stage;
  }
  return stage;
}

bool OfaResNet50::active(int slot) const {
  const int stage = ofa_resnet50_stage(slot);
  const auto at = static_cast<std::size_t>(stage);
  return slot - ofa_resnet50_first_slot(stage) < kBaseDepth[at] + depth[at];
}

Network ofa_resnet50(const OfaResNet50& config) {
  check(config);
  NetworkBuilder net("ofa_resnet50", 1);
  Feature x = stem(net, config);
  for (int slot = 0; slot < OfaResNet50::kSlots; ++slot) {
    x = config.active(slot) ? slot_block(net, config, slot, x) : x;
  }
  finish(net, x);
  return net.take();
}

Network ofa_part(const OfaResNet50& config, int part) {
  check(config);
  NetworkBuilder net("part", 1);
  const int slot = part - 1;
  if (slot >= 0 && part < OfaResNet50::kParts - 1 && !config.active(slot)) {
    return {.name = "part"};
  }
  if (part == 0) {
    (void)stem(net, config);
  } else if (part == OfaResNet50::kParts - 1) {
    finish(net, stage_input(net, config, OfaResNet50::kStages - 1, false));
  } else {
    const int stage = ofa_resnet50_stage(slot);
    const bool first = slot == ofa_resnet50_first_slot(stage);
    (void)slot_block(net, config, slot, stage_input(net, config, stage, first));
  }
  return net.take();
}

}  // namespace weft
