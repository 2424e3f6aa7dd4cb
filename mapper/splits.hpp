// Which products of bounds the loops over a dim can have.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "mapper/constraints.hpp"

namespace weft {

// Can loops with a product in this range follow each other without empty iterations, where `left` of a dim
// are left? One loop takes at most `left`; several can take more, since each may end in a partial round. In
// doubt (large products): yes.
[[nodiscard]] bool can_be_used(const Range& product, std::int64_t left);

}  // namespace weft
