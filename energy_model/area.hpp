// Areas of the parts of a machine, from the bottom up. Private to the folder.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "energy_model/energy.hpp"

namespace weft {

// A rectangle on the die, um.
struct Box {
  double width = 0, height = 0;
};

// How far words go in a fan-out, um: from an instance to its neighbour, and over half of the grid's columns
// and rows.
struct Reach {
  double hop = 0, half = 0;
};
[[nodiscard]] Reach reach_of(const FanOut& fanout, const Box& child);

// um2 at the accelerator's technology, of what wires have to cross: memories and compute units.
struct MachineArea {
  std::vector<std::vector<double>> memories;  // [level][memory]: one instance
  // [level]: one instance of the level with everything below it; last: one compute unit. As near to a square
  // as the grid of instances in it allows: a column of PEs stays narrow.
  std::vector<Box> instance;
  double compute = 0;  // one unit
};
[[nodiscard]] MachineArea machine_area(const Accelerator& accelerator, const EnergyTable& table);

}  // namespace weft
