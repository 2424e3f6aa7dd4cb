// The measure of a front: the share of the box below a reference point that it dominates.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "dse/pareto.hpp"

namespace weft {

// Volume dominated by the points and below the reference, all objectives minimised; points that are not below
// the reference in every objective add nothing. Exact, by slicing along the last objective (While et al.,
// IEEE TEVC 2006); meant for up to five objectives and some hundred points.
[[nodiscard]] double hypervolume(std::vector<Objectives> points, const Objectives& reference);

}  // namespace weft
