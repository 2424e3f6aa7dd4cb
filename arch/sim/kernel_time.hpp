// What the kernel's time is in ticks. A machine by itself takes one unit of it for a tick; in a platform of
// others a cycle has to last as long as its clock's period, and waits are rounded up to whole units.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include <systemc>

#include "arch/sim/core/time_grid.hpp"
#include "base/error.hpp"

namespace weft::sim {

// Of the process, as the kernel and its resolution are.
class KernelTime {
 public:
  // Before any engine runs. All machines of a process have one period, of at least 100 units: each wait is
  // late by less than one.
  static void set_cycle(const sc_core::sc_time& period) {
    const std::uint64_t units = period.value();
    WEFT_ENSURE(units >= 100, "the clock period is less than 100 units of the kernel's time resolution");
    WEFT_ENSURE(units_ == kTicksPerCycle || units_ == units, "all accelerators of a platform have one clock");
    units_ = units;
  }
  [[nodiscard]] static Ticks ticks(std::uint64_t units) {
    return units_ == kTicksPerCycle
               ? units
               : units / units_ * kTicksPerCycle + units % units_ * kTicksPerCycle / units_;
  }
  [[nodiscard]] static std::uint64_t units(Ticks ticks) {
    return units_ == kTicksPerCycle
               ? ticks
               : ticks / kTicksPerCycle * units_ +
                     (ticks % kTicksPerCycle * units_ + kTicksPerCycle - 1) / kTicksPerCycle;
  }

 private:
  inline static std::uint64_t units_ = kTicksPerCycle;  // of a cycle
};

[[nodiscard]] inline Ticks now() {
  return KernelTime::ticks(sc_core::sc_time_stamp().value());
}
[[nodiscard]] inline sc_core::sc_time duration(Ticks ticks) {
  return sc_core::sc_time::from_value(KernelTime::units(ticks));
}

}  // namespace weft::sim
