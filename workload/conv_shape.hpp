// The shape that a convolution was made from.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>

#include "workload/problem.hpp"

namespace weft {

// With the least padding behind the input that gives as many positions; nothing when the problem is none of
// make_conv().
[[nodiscard]] std::optional<ConvShape> conv_shape_of(const Problem& problem);

}  // namespace weft
