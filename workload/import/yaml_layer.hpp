// One layer of a network file: its problem and its post-operations.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <optional>

#include "base/yaml.hpp"
#include "workload/network.hpp"

namespace weft::network_yaml {

inline constexpr std::int64_t kMaxSize = std::int64_t{1} << 40;  // no size in a file is larger

// Widths and densities of weights, inputs and outputs, by Role.
struct Widths {
  PerRole<std::int64_t> bits = {8, 8, 8};
  PerRole<Sparsity> density{};
};

// What a file says once for all its layers.
struct Defaults {
  std::int64_t batch = 1;
  Widths widths{};
};

// Reads `bits` and `density`: a number for all three tensors, or a mapping by tensor.
[[nodiscard]] Widths read_widths(yaml::Section& section, const Widths& fallback);
// Reads the keys of `kind`; nothing when the layer makes no problem, by its kind or by a reported mistake.
[[nodiscard]] std::optional<Problem> read_problem(yaml::Section& section, const std::string& kind,
                                                  const std::string& name, const Defaults& defaults);
// Reads `post` and adds its operations, and the parameters they bring, to the layer.
void read_post_ops(yaml::Section& section, Layer& layer, int bits);

}  // namespace weft::network_yaml
