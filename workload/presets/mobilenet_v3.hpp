// The block of MobileNetV3 networks (Howard et al., ICCV 2019).
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>

#include "workload/presets/builder.hpp"

namespace weft::presets {

enum class Act : std::uint8_t { kRelu, kHardSwish };
enum class Squeeze : std::uint8_t { kNo, kYes };

struct V3Block {
  std::int64_t kernel, expanded, out, stride;
  Squeeze squeeze;
  Act act;
};

[[nodiscard]] Feature activate(NetworkBuilder& net, const Feature& in, Act act);
// 1x1 expansion (none when it would change nothing), depthwise, squeeze-and-excitation, 1x1 projection; a
// residual where the shapes allow it.
[[nodiscard]] Feature v3_block(NetworkBuilder& net, const std::string& name, const Feature& in,
                               const V3Block& block);

}  // namespace weft::presets
