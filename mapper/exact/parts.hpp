// The problem taken apart: dims that share a rank of a tensor, and all ways to split them.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <vector>

#include "mapper/exact/factors.hpp"

namespace weft::exact {

// Nothing where the exact search does not reach: more than kMaxDepth levels, three dims in one rank, a part
// with too many options. `innermost`: leave out splits of dims that no tensor of the innermost level mentions
// whose loops stand one level further out than they could. `alike`: as chains() has it.
[[nodiscard]] std::optional<std::vector<Part>> make_parts(const MapSpace& space, bool innermost,
                                                          const AxesAlike& alike = {});

// Leaves out splits that alone exceed an axis of a fan-out, or a memory with what it must keep.
void leave_out_misfits(const MapSpace& space, const AxesAlike& alike, std::vector<Part>& parts);

// Do the dims of both parts play the same role (rows and columns of a square convolution)? Swapping what is
// done to them, dim by dim, then leaves every count as it is.
[[nodiscard]] bool twins(const MapSpace& space, const Part& a, const Part& b);

// The dims of each part.
[[nodiscard]] std::vector<std::vector<int>> dims_of(const std::vector<Part>& parts);

// [role][part]: do the tensor's windows overlap along a rank of the part?
[[nodiscard]] PerRole<std::vector<bool>> slides_of(const Problem& problem, const std::vector<Part>& parts);

}  // namespace weft::exact
