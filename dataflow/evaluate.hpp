// The analytic model: what a legal mapping costs in words and cycles, without simulating it.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "dataflow/counts.hpp"
#include "dataflow/mapping.hpp"

namespace weft {

// Busy time of one set of ports over the whole run, in cycles (fractions: bandwidth is not rounded).
struct PortBusy {
  int level = 0;
  int port = 0;       // StorageLevel::port_index
  double read = 0;    // reads + drains over the read bandwidth
  double write = 0;   // fills + updates over the write bandwidth
  double shared = 0;  // both over the shared bandwidth
};

// Cycles of the first instance of every level: ramp_in (first tiles travel down), the slowest of compute and
// ports (single-buffered levels add up instead of overlapping), ramp_out (last outputs travel up).
struct Timing {
  std::int64_t cycles = 0;  // total, rounded up once
  std::int64_t compute_cycles =
      0;  // temporal iterations, less those that zeros save, times the cycles of one
  double ramp_in = 0, ramp_out = 0;
  std::vector<PortBusy> ports;
  std::string bottleneck;  // "compute" or "<memory> read|write|shared"
};

enum class Ramps : std::uint8_t { kAdd, kIgnore };
// Whether outputs that leave a level upwards take time on its read port.
enum class Drains : std::uint8_t { kOnPorts, kFree };
struct EvaluateOptions {
  CountOptions counts;
  Ramps ramps = Ramps::kAdd;
  Drains drains = Drains::kOnPorts;
  [[nodiscard]] static EvaluateOptions timeloop() {
    return {CountOptions::timeloop(), Ramps::kIgnore, Drains::kFree};
  }
};

struct Evaluation {
  ActionCounts counts;
  Timing timing;
  double utilization = 0;  // MACs done or gated / those that the units of the machine could do in the cycles
};

// Precondition: check(mapping, ...) finds nothing (WEFT_ENSURE). Throws OverflowError.
[[nodiscard]] Evaluation evaluate(const Mapping& mapping, const Problem& problem,
                                  const Accelerator& accelerator, const EvaluateOptions& options = {});
[[nodiscard]] ActionCounts count_actions(const Mapping& mapping, const Problem& problem,
                                         const Accelerator& accelerator, const CountOptions& options = {});

class GroupMemo;
// Evaluates many mappings of one problem on one machine, to the same numbers as evaluate(): what parts of
// them move is remembered from one to the next.
class MappingEvaluator {
 public:
  // Problem and accelerator are referred to.
  MappingEvaluator(const Problem& problem, const Accelerator& accelerator, const EvaluateOptions& options);
  MappingEvaluator(MappingEvaluator&&) noexcept;
  MappingEvaluator& operator=(MappingEvaluator&&) noexcept;
  ~MappingEvaluator();
  // Precondition, not looked at again: check() finds nothing. Throws OverflowError.
  [[nodiscard]] Evaluation evaluate(const Mapping& mapping);

 private:
  const Problem* problem_;
  const Accelerator* accelerator_;
  EvaluateOptions options_;
  std::unique_ptr<GroupMemo> memo_;
};

// Cycles of the array for so many iterations, as the layer's zeros have it; imbalance between units is not in
// it.
[[nodiscard]] double compute_time(std::int64_t iterations, const Accelerator& accelerator);

// Words of the tile of `role` that one instance of `level` holds at most (the first one, unclipped at the
// outer edge only where the tensor ends).
[[nodiscard]] std::int64_t tile_words(const Mapping& mapping, const Problem& problem, Role role, int level,
                                      Footprint footprint = Footprint::kUnion);

}  // namespace weft
