// Widths by layer: a list of patterns for layers' names, each with bits of weights and activations.
//   policy: mixed
//   bits:
//     - {layers: "*", weights: 4, activations: 4}
//     - {layers: conv1, weights: 8, activations: 8}     # later entries win
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <string_view>

#include "workload/network.hpp"

namespace weft {

// '*' stands for any characters, none too.
[[nodiscard]] bool matches(std::string_view pattern, std::string_view name);

// Sets the widths of every layer that an entry names; others keep theirs. A layer's activations are its
// inputs, its outputs and its vector work; both operands of a product of activations. Throws ConfigError: as
// other files do, and unknown-layer for an entry that names no layer.
void apply_bit_policy(Network& network, const std::filesystem::path& file);

}  // namespace weft
