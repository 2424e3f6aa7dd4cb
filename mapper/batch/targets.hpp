// The kinds of vector units that the kernels were compiled for, chosen at run time.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>
#include <vector>

#include "mapper/batch/kernels.hpp"

namespace weft::batch {

enum class Target : std::uint8_t { kPlain, kAvx2, kAvx512 };
[[nodiscard]] std::string_view name_of(Target target);  // "plain", "avx2", "avx512"

// Those that this build has and this machine can run, the widest last. All give the same bytes.
[[nodiscard]] std::vector<Target> targets();
[[nodiscard]] Kernels kernels_for(Target target);

}  // namespace weft::batch
