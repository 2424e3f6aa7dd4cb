// Problems and machines small enough to enumerate every even mapping, with every feature of the generators.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>

#include "arch/spec/accelerator.hpp"
#include "workload/problem.hpp"

namespace weft::testing {

struct SmallCase {
  Problem problem;
  Accelerator accelerator;
};

// Nothing when the draw has less than two or more than `most` mappings.
[[nodiscard]] std::optional<SmallCase> small_case(std::uint64_t seed, double most);

}  // namespace weft::testing
