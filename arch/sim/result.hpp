// What a run has measured, as plain data: words moved, cycles, and who spent which cycles on what.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "arch/sim/trace.hpp"
#include "workload/tensor.hpp"

namespace weft::sim {

// Words moved, in the shape of ActionCounts (dataflow converts; arch/sim does not know dataflow).
struct MeasuredTensor {
  std::int64_t fills = 0, reads = 0, updates = 0, drains = 0;
  std::int64_t sent = 0, delivered = 0, read_back = 0;  // network below the level
  // What zeros make of them, as shares: bits as written down, accesses that serve the compute units.
  double stored = 1, accesses = 1;
  // Words that a sieve lets through, of those the next keeper asks for and of those to be brought here.
  double sent_share = 1, arriving_share = 1;
};
struct MeasuredLevel {
  PerRole<MeasuredTensor> tensors{};
  double busy_cycles = 0;  // the busiest port of the level's memories
};

// Why the array stood still, one link of a chain resolved: what the engine was doing that the array (in the
// end) waited for.
struct Reason {
  // The part of Stalls it belongs to.
  enum class Stall : std::uint8_t { kRampIn, kWaiting, kOperands, kCommands, kHeldBack, kRampOut };
  enum class Why : std::uint8_t {
    kTransfer,     // words on their way through `port` (empty: ports without limits)
    kContention,   // other transfers held `port`
    kBank,         // accesses through `port` met in a bank
    kWires,        // words on their way over the bus or the links `port`
    kWiresTaken,   // other transfers were on them
    kSlot,         // no free place in `level`: the tiles there were still in use
    kTurn,         // too many outer iterations under way
    kPredecessor,  // results of an earlier layer, or its tiles in a buffer
    kHops,         // neighbour to neighbour, to the farthest compute unit
    kOther
  };
  Stall stall = Stall::kWaiting;
  Why why = Why::kOther;
  Role role = Role::kWeights;
  bool store = false;          // of outputs from `level` to `other`; else a load into `level` from `other`
  int level = -1, other = -1;  // -1: none; `level` may be the depth of the machine: compute
  std::string port{};
  double cycles = 0;
};

// Cycles of the array without work, by cause; with `computing` and the ramps they add up to the total before
// rounding (Result::exact_cycles).
struct Stalls {
  double computing = 0;           // array busy
  double commands = 0;            // a command took longer than its MACs, or the queue was full
  double ramp_in = 0;             // before the first MAC (a network: of every layer)
  PerRole<double> waiting_for{};  // operands (or, outputs: partial sums / a free accumulator tile)
  double operand_bandwidth = 0;   // the innermost memories cannot feed or take a step's operands in time
  double held_back = 0;           // random back-pressure (Options)
  double ramp_out = 0;            // after the last MAC until the last output arrived
  // The same again but for `computing`, by what was in the way, most cycles first; sums to these parts.
  std::vector<Reason> reasons{};
};

// The time of one component: busy + waits + idle = Result::exact_cycles, to the last bit.
struct Component {
  enum class Kind : std::uint8_t { kArray, kPort, kMover, kVectorUnit };
  std::string name{};  // "array", "GLB read", "loads weights into GLB"
  Kind kind = Kind::kArray;
  double busy = 0;
  std::vector<std::pair<std::string, double>> waits{};  // by reason, in words; none of them zero
  double idle = 0;                                      // nothing to do
};

struct Result {
  std::int64_t cycles = 0;
  double exact_cycles = 0;  // before rounding up to a whole cycle
  std::vector<MeasuredLevel> levels;
  std::int64_t macs = 0;
  std::int64_t gated = 0, skipped = 0;  // of them
  Stalls stalls;
  std::vector<Component> components;
  // A transfer of the first step or of the tail had to wait for a port held by other work, or the last store
  // had to add to another sender's: the analytic ramps do not apply exactly.
  bool ramp_interference = false;
  std::int64_t cache_lines = 0, cache_misses = 0;  // lines asked for, and those that were not there
  std::optional<Accumulators> outputs;             // when values were simulated
  std::vector<double> layer_ends;                  // of a network: cycles at which each piece was over
  std::optional<Trace> trace;                      // when asked for
};

}  // namespace weft::sim
