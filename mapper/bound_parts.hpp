// What the lower bound of a layer is made of: which part of the machine no mapping can make faster.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>

#include "mapper/mapper.hpp"

namespace weft {

struct BoundPort {
  std::string name{};  // "<memory> read|write|shared"; empty: no port is limited
  double cycles = 0;
};

struct BoundParts {
  Bound bound;                // as lower_bound() gives it
  double compute_cycles = 0;  // MACs over the units that dims allowed on the axes can fill
  BoundPort port;             // the slowest port when every tensor passes once each level that must keep it
  double outer_cycles = 0;    // the same of the outermost level alone
  PerRole<double> once{};     // words of each tensor that are touched
  double macs_pj = 0, leak_pj = 0;
  PerRole<double> tensor_pj{};  // storing and moving each tensor, the cheapest way
};
[[nodiscard]] BoundParts bound_parts(const MapRequest& request);

}  // namespace weft
