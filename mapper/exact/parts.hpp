// The problem taken apart: dims that share a rank of a tensor, and all ways to split them.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <vector>

#include "mapper/exact/factors.hpp"

namespace weft::exact {

// Nothing where the exact search does not reach: more than kMaxDepth levels, three dims in one rank, a part
// with too many options. `innermost`: leave out splits of dims that no tensor of the innermost level mentions
// whose loops stand one level further out than they could.
[[nodiscard]] std::optional<std::vector<Part>> make_parts(const MapSpace& space, bool innermost);

}  // namespace weft::exact
