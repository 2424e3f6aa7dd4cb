// The kinds of mappings that the search goes through one by one: every bypass, and for every level what the
// order of its loops is good for. Every mapping belongs to at least one of them.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "mapper/exact/bound.hpp"

namespace weft::exact {

[[nodiscard]] std::vector<Kind> kinds(const MapSpace& space);

}  // namespace weft::exact
