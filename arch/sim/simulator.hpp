// The SystemC machine behind a façade that does not include SystemC. It executes programs and measures
// what the analytic model predicts. One elaboration per process: construct one Simulator in a process
// and run as many programs on it as needed.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "arch/program.hpp"
#include "arch/spec/accelerator.hpp"
#include "workload/tensor.hpp"

namespace weft::sim {

// Words moved, in the shape of ActionCounts (dataflow converts; arch/sim does not know dataflow).
struct MeasuredTensor {
  std::int64_t fills = 0, reads = 0, updates = 0, drains = 0;
  std::int64_t sent = 0, delivered = 0, read_back = 0;  // network below the level
};
struct MeasuredLevel {
  PerRole<MeasuredTensor> tensors{};
  double busy_cycles = 0;  // the busiest port of the level's memories
};

// Cycles of the array without work, by cause; with `computing` and the ramps they add up to the total.
struct Stalls {
  double computing = 0;           // array busy
  double commands = 0;            // a command took longer than its MACs, or the queue was full
  double ramp_in = 0;             // before the first MAC
  PerRole<double> waiting_for{};  // operands (or, outputs: partial sums / a free accumulator tile)
  double operand_bandwidth = 0;   // the innermost memories cannot feed or take a step's operands in time
  double ramp_out = 0;            // after the last MAC until the last output arrived
};

struct Result {
  std::int64_t cycles = 0;
  std::vector<MeasuredLevel> levels;
  std::int64_t macs = 0;
  Stalls stalls;
  // A transfer of the first step or of the tail had to wait for a port held by other work, or the last store
  // had to add to another sender's: the analytic ramps do not apply exactly.
  bool ramp_interference = false;
  std::int64_t cache_lines = 0, cache_misses = 0;  // lines asked for, and those that were not there
  std::optional<Accumulators> outputs;             // when values were simulated
};

struct Operands {
  Tensor weights, inputs;
};

struct Options {
  // Seed of random back-pressure: every transfer is delayed by 0..max_jitter cycles. 0: none.
  std::int64_t max_jitter_cycles = 0;
  std::uint64_t seed = 1;
  // Caches hold what an earlier run of the same program has left in them; else nothing.
  bool warm_caches = false;
};

class Simulator {
 public:
  explicit Simulator(const Accelerator& accelerator, Options options = {});
  ~Simulator();
  Simulator(Simulator&&) noexcept;
  // Executes the program from time zero of its own; values move when operands are given.
  // Throws InternalError on deadlock (with every channel's state) or a program that does not fit the machine.
  [[nodiscard]] Result run(const Program& program, const Operands* operands = nullptr);
  // Cycles of vector work beside or after the array, in the same machine: `elements` scalar operations and
  // words of traffic at the vector unit's level.
  struct VectorWork {
    double operations = 0;
    std::int64_t bits_read = 0, bits_written = 0;
  };
  [[nodiscard]] std::int64_t run_vector(const VectorWork& work);

 private:
  class Machine;
  std::unique_ptr<Machine> machine_;
};

}  // namespace weft::sim
