// From a machine's description and a layer's densities to the constants the analytic model works with.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "arch/spec/accelerator.hpp"

namespace weft {

// The machine as this layer sees it: a copy with its effect, or an equal copy when it states nothing about
// zeros. Throws ConfigError (format-too-small) when a coordinate's stated width cannot number a fiber.
[[nodiscard]] Accelerator for_layer(const Accelerator& accelerator, const Problem& problem);
// Multiplications whose input is no padding, over all: what zeros can be found among.
[[nodiscard]] double inside_share(const Problem& problem);
// What a codec makes of the tensor: the format, or uncompressed where it compresses only when that is
// smaller.
[[nodiscard]] TensorFormat chosen_format(const Accelerator& accelerator, const Problem& problem, int level,
                                         Role role);
// Does that tensor's innermost possible keeper lie at the level?
[[nodiscard]] bool serves_compute(const Accelerator& accelerator, int level, Role role);

// What merging makes of the levels: outputs are as dense as the product is, what is spilled passes the
// outermost level twice more, and the weights pass it as often as they are fetched. `weights`: their
// non-zeros.
void apply_merge(const Accelerator& accelerator, const Problem& problem, const struct MergeWork& work,
                 double weights, std::vector<SparseEffect::Level>& levels);

}  // namespace weft
