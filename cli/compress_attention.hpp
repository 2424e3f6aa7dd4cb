// The options of weft compress that are about attention.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "cli/arguments.hpp"
#include "workload/compress.hpp"

namespace weft::cli {

[[nodiscard]] bool asks_for_attention(const CompressArguments& arguments);
// Prunes tokens, heads and values, then cuts keys in parts. Throws ConfigError: bad-density for shares
// outside (0, 1] and for words that are none, no-attention for a network without any.
[[nodiscard]] std::vector<Compressed> compress_attention(TrainedNetwork& trained,
                                                         const CompressArguments& arguments);

}  // namespace weft::cli
