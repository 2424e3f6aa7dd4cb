// The network families behind network_presets(): one function per network, one file per family.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "workload/presets.hpp"
#include "workload/presets/builder.hpp"

namespace weft::presets {

// The resolution asked for, or the network's own.
[[nodiscard]] constexpr std::int64_t resolution_or(const PresetOptions& options, std::int64_t own) {
  return options.resolution == 0 ? own : options.resolution;
}

// `channels` rounded to a multiple of 8, never more than a tenth below (make_divisible of the MobileNet
// code).
[[nodiscard]] std::int64_t rounded_channels(double channels);

// These throw std::invalid_argument when the resolution or batch makes no network.
[[nodiscard]] Network alexnet(const PresetOptions& options);
[[nodiscard]] Network vgg16(const PresetOptions& options);
[[nodiscard]] Network squeezenet(const PresetOptions& options);
[[nodiscard]] Network resnet18(const PresetOptions& options);
[[nodiscard]] Network resnet50(const PresetOptions& options);
[[nodiscard]] Network mobilenet_v1(const PresetOptions& options);
[[nodiscard]] Network mobilenet_v3_large(const PresetOptions& options);
[[nodiscard]] Network googlenet(const PresetOptions& options);
[[nodiscard]] Network unet(const PresetOptions& options);
[[nodiscard]] Network bert_base(const PresetOptions& options);
[[nodiscard]] Network gpt2_prefill(const PresetOptions& options);
[[nodiscard]] Network gpt2_decode(const PresetOptions& options);
[[nodiscard]] Network vit_b_16(const PresetOptions& options);

}  // namespace weft::presets
