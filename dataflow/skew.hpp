// Cycles by which the units of systolic fan-outs run behind the first one, and their results behind them.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <vector>

#include "dataflow/nest.hpp"

namespace weft {

// Cycles until the farthest unit in use has its first operand / until its results are out: a hop per
// instance, the instances a result passes on its way to the outlet, and the pipeline of the compute unit.
struct Skew {
  std::int64_t in = 0, out = 0;
  [[nodiscard]] std::int64_t total() const { return in + out; }
};

// Of a whole run: every spatial loop at its bound.
[[nodiscard]] Skew skew(const Mapping& mapping, const Accelerator& accelerator);

// Of one step: where factors do not divide, the last tiles use fewer instances.
class StepSkew {
 public:
  StepSkew(const Nest& nest, const Mapping& mapping, const Accelerator& accelerator);
  // `base`: per dim, the index at which the step begins.
  [[nodiscard]] Skew at(std::span<const std::int64_t> base) const;

 private:
  struct SpatialDigit {
    int dim = 0;
    std::int64_t bound = 1, stride = 1;
    std::int64_t hops = 1;  // along the axis, for one more of this digit
  };
  using Axes = std::array<std::vector<SpatialDigit>, 2>;
  // Instances from the first to the farthest that work along an axis.
  [[nodiscard]] std::int64_t used(const std::vector<SpatialDigit>& axis,
                                  std::span<const std::int64_t> base) const;
  std::int64_t farthest(const std::vector<SpatialDigit>& axis, int dim, std::int64_t last_index) const;

  const Nest& nest_;
  const Accelerator& accelerator_;
  std::vector<Axes> levels_;
};

}  // namespace weft
