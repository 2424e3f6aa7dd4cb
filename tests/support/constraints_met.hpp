// Random constraints that a given mapping meets, for tests of what constraints do.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "mapper/constraints.hpp"
#include "tests/support/generators.hpp"

namespace weft::testing {

// Ranges around what the mapping has, from open to exact; its order where no dim comes twice, its bypasses,
// its divisors and utilisation, each or not.
[[nodiscard]] Constraints constraints_met_by(Rng& rng, const Triple& triple);

}  // namespace weft::testing
