// What crosses the boundaries of a mapping, in words: all that counting, timing and ramps need to know about
// it. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "dataflow/boundary.hpp"

namespace weft {

struct FlowWords {
  Boundary boundary;
  std::array<std::int64_t, 4> all{};    // [scope]: over the whole run
  std::array<std::int64_t, 4> seen{};   // [scope]: of them, first visits of an output word
  std::array<std::int64_t, 4> first{};  // [scope]: of the very first tile (operands into a level)
  std::array<std::int64_t, 4> last{};   // [scope]: of the last output tile that leaves a level

  [[nodiscard]] std::int64_t total(Scope scope) const { return all[static_cast<std::size_t>(scope)]; }
  // Words of visits that are not the first: partial sums to read back (outputs).
  [[nodiscard]] std::int64_t again(Scope scope) const {
    return total(scope) - seen[static_cast<std::size_t>(scope)];
  }
  [[nodiscard]] std::int64_t first_tile(Scope scope) const { return first[static_cast<std::size_t>(scope)]; }
  [[nodiscard]] std::int64_t last_tile(Scope scope) const { return last[static_cast<std::size_t>(scope)]; }
};

// What a mapping does to the machine besides moving words.
struct MachineUse {
  std::int64_t compute_cycles = 0;  // combinations of temporal digits in which the first compute unit works
  std::vector<std::int64_t> instances;     // [level, the last one: compute units] that ever work
  std::int64_t skew_in = 0, skew_out = 0;  // cycles of systolic fan-outs and of the compute pipeline
};

}  // namespace weft
