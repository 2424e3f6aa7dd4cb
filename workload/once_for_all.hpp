// The Once-for-All networks (Cai et al., ICLR 2020): sub-networks of a trained supernet, as its authors' code
// defines them (github.com/mit-han-lab/once-for-all).
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>

#include "workload/network.hpp"

namespace weft {

// MobileNetV3 space: five stages of up to four blocks. Slots beyond a stage's depth have no effect.
struct OfaMobileNetV3 {
  static constexpr int kStages = 5, kDepth = 4, kSlots = kStages * kDepth;
  static constexpr int kParts = kSlots + 2;  // stem with its first block, the slots, what follows them

  double width = 1.2;                         // multiplies all channel counts
  std::int64_t resolution = 224;              // height and width of the input
  std::array<int, kStages> depth{};           // blocks: 2, 3 or 4
  std::array<std::int64_t, kSlots> kernel{};  // 3, 5 or 7
  std::array<std::int64_t, kSlots> expand{};  // 3, 4 or 6: of the block's input channels
  [[nodiscard]] bool active(int slot) const {
    return slot % kDepth < depth[static_cast<std::size_t>(slot / kDepth)];
  }
};

// ResNet-50D space: four stages of bottlenecks, 18 slots in all; stage s owns base depth + 2 of them.
struct OfaResNet50 {
  static constexpr int kStages = 4, kSlots = 18, kWidths = 6;
  static constexpr int kParts = kSlots + 2;
  static constexpr std::array<int, kStages> kBaseDepth = {2, 2, 4, 2};

  std::int64_t resolution = 224;
  bool stem_skip = false;               // without the stem's residual 3x3 convolution
  std::array<double, kWidths> width{};  // 0.65, 0.8 or 1: stem inside, stem output, stages
  std::array<int, kStages> depth{};     // blocks beyond the base depth: 0, 1 or 2
  std::array<double, kSlots> expand{};  // 0.2, 0.25 or 0.35: bottleneck over output channels
  [[nodiscard]] bool active(int slot) const;
};
[[nodiscard]] int ofa_resnet50_stage(int slot);  // 0..3
[[nodiscard]] int ofa_resnet50_first_slot(int stage);

// Throw std::invalid_argument when the numbers make no network.
[[nodiscard]] Network ofa_mobilenet_v3(const OfaMobileNetV3& config);
[[nodiscard]] Network ofa_resnet50(const OfaResNet50& config);
// One part alone, as a network with the part's input as its own: the parts' layers together are the network's
// but for names and edges. A slot that is not active gives a network without layers.
[[nodiscard]] Network ofa_part(const OfaMobileNetV3& config, int part);
[[nodiscard]] Network ofa_part(const OfaResNet50& config, int part);

}  // namespace weft
