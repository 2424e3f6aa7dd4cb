// What an energy table holds once read. Private to the folder; the public face is energy.hpp.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <optional>
#include <string>

#include "energy_model/energy.hpp"
#include "energy_model/law.hpp"
#include "energy_model/scaling.hpp"

namespace weft {

struct EnergyTable::Laws {
  std::optional<Process> process;  // what the numbers were made for; none: they are not scaled

  // pJ per operation. `multiply` is a law of the geometric mean of the operand widths, `add` of the width.
  Law multiply, add, vector_op;
  // pJ per bit, laws of the capacity in bits.
  Law regfile_read, regfile_write, sram_read, sram_write;
  std::map<std::string, Law> dram;  // pJ per bit, by type
  std::string default_dram;
  // pJ per bit and millimetre, or, when `wire_per_hop`, per bit and hop whatever its length.
  Law wire;
  bool wire_per_hop = false;

  // pJ per nanosecond and um2 (logic) or bit.
  Law logic_leak, regfile_leak, sram_leak;
  // um2: of an operator, laws as above; per bit.
  Law multiply_area, add_area, regfile_area, sram_area;
  // um2 per bit that an SRAM can move in a cycle beyond one access: sense amplifiers, drivers, decoders of
  // further banks. A table without it: nothing.
  Law port_area;
  // um2 per bit and millimetre of a wire; per bit of an address that a memory's control makes; per bit of a
  // register for the clock's network. A table without them: nothing.
  Law wire_area, control_area, clock_area;
  // um2 of one instance, by the name of a memory or compute unit, as a reference table states them: neither
  // computed nor scaled.
  std::map<std::string, double> stated_areas;
};

}  // namespace weft
