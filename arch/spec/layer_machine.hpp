// A machine as a layer of given widths and densities sees it: a fused unit is as many units as it has
// lanes, a serial one takes several cycles per iteration, zeros have the effect of sparse_effect.hpp.
// Mapping, counting, timing and simulating use this view, so none of them knows where it comes from; energy
// and area use the machine as built.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>

#include "arch/spec/accelerator.hpp"

namespace weft {

// MACs that one unit does side by side at the problem's widths; 1 unless fused.
[[nodiscard]] std::int64_t lanes_of(const Compute& compute, const Problem& problem);
// The most lanes a unit can have.
[[nodiscard]] std::int64_t most_lanes(const Compute& compute);
// Cycles of one iteration of the array at the problem's widths; 1 unless serial.
[[nodiscard]] std::int64_t iteration_cycles_of(const Compute& compute, const Problem& problem);
// Energy of a MAC at these widths over what the file states for one at the unit's own.
[[nodiscard]] double stated_energy_share(const Compute& compute, const Problem& problem);

// MACs per cycle of the whole machine at the problem's widths.
[[nodiscard]] double peak_macs(const Accelerator& accelerator, const Problem& problem);

// The view. Asked again of a view, the same view.
[[nodiscard]] Accelerator at_precision(const Accelerator& accelerator, const Problem& problem);
// The fan-out below `level` as built, without lanes.
[[nodiscard]] FanOut built_fanout(const Accelerator& accelerator, int level);

// The view, without a copy where it is the machine itself. Keeps a reference to the machine.
class LayerMachine {
 public:
  LayerMachine(const Accelerator& accelerator, const Problem& problem);
  [[nodiscard]] const Accelerator& operator*() const { return own_ ? *own_ : *machine_; }

 private:
  const Accelerator* machine_;
  std::optional<Accelerator> own_;
};

}  // namespace weft
