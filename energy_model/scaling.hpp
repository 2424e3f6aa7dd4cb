// From one technology node and voltage to another: A. Stillmaker and B. Baas, "Scaling equations for the
// accurate prediction of CMOS device performance from 180 nm to 7 nm", Integration, the VLSI Journal 58,
// 2017. SPDX-License-Identifier: Apache-2.0
#pragma once

namespace weft {

// Below 65 nm the paper has two kinds of transistors: high performance and low power.
enum class Devices { kHighPerformance, kLowPower };

struct Process {
  double nm = 45;
  double volts = 0.9;
  Devices devices = Devices::kLowPower;
};

// Energy of switching logic at `to` over that at `from`: the ratio of the paper's polynomials in the voltage,
// between two nodes interpolated as a power law, beyond the ends that of the end. `devices` is that of
// `from`.
[[nodiscard]] double energy_factor(const Process& from, const Process& to);
// Area of the same logic, by the paper's table.
[[nodiscard]] double area_factor(double from_nm, double to_nm);
// Is the process inside what the paper covers (7 to 180 nm, 0.5 to 1.3 V)?
[[nodiscard]] bool in_scaling_range(const Process& process);

}  // namespace weft
