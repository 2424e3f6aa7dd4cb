// Networks everybody uses, built from their published definitions (torchvision / original papers), and
// the parametric families the explorer searches.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <string>

#include "base/registry.hpp"
#include "workload/network.hpp"

namespace weft {

struct PresetOptions {
  std::int64_t batch = 1;
  std::int64_t resolution = 0;  // 0: the network's own; for language models the sequence length
};
using NetworkPreset = std::function<Network(const PresetOptions&)>;

// alexnet vgg16 resnet18 resnet50 mobilenet_v1 mobilenet_v2 mobilenet_v3_large googlenet squeezenet unet
// bert_base gpt2_prefill gpt2_decode vit_b_16.
// A preset throws ConfigError (out-of-range) for a batch or resolution that makes no network.
[[nodiscard]] const Registry<NetworkPreset>& network_presets();
// The registered name for what a user typed: '-' stands for '_', and "gpt2" for gpt2_prefill.
// load_network (workload/import.hpp) applies it.
[[nodiscard]] std::string preset_name(std::string name);

// MobileNetV2 (Sandler et al., CVPR 2018, table 2) at a width multiplier and input resolution; channel
// counts rounded to multiples of 8 as in the authors' code; the last conv keeps 1280 below width 1.
[[nodiscard]] Network mobilenet_v2(double width, std::int64_t resolution, std::int64_t batch = 1);

}  // namespace weft
