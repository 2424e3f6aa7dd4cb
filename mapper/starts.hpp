// Where searches begin: mappings that are legal whenever anything is, and the one that the request brings.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/rng.hpp"
#include "mapper/mapper.hpp"
#include "mapper/pricer.hpp"

namespace weft {

// Prices the request's mapping, if it brings one, and the plans with the smallest tiles: everything kept that
// may be, and nothing kept that need not be.
void price_first(const MapRequest& request, Pricer& pricer);

// As above, then a few constructed and random plans. The best of all; the smallest when none is legal.
[[nodiscard]] Plan first_plan(const MapRequest& request, Pricer& pricer, Rng& rng);

}  // namespace weft
