// SPDX-License-Identifier: Apache-2.0
#include "dataflow/evaluate.hpp"

#include <algorithm>
#include <cmath>

#include "base/checked.hpp"
#include "base/error.hpp"
#include "dataflow/flow_counts.hpp"
#include "dataflow/legality.hpp"
#include "dataflow/ramps.hpp"
#include "dataflow/steps.hpp"

namespace weft {

namespace {

// Fractions of a cycle below this are rounding noise of the sums, not time.
constexpr double kRounding = 1.0 / 1024;

// Words passing the first instances at both ends of a boundary over the whole run.
struct BoundaryTime {
  double down = 0, up = 0;  // longest of the ports involved, cycles
};

BoundaryTime add_boundary(Flow& flow, int depth, const EvaluateOptions& options, PortTimes& ports) {
  const Boundary& b = flow.boundary();
  const bool to_compute = b.child == depth;
  const bool outputs = b.role == Role::kOutputs;
  BoundaryTime time;
  const std::int64_t reads = outputs ? flow.again(Scope::kFirstParent) : flow.total(Scope::kFirstParent);
  time.down = ports.add(b.parent, b.role, Side::kRead, reads);
  if (outputs) {
    time.up = ports.add(b.parent, b.role, Side::kWrite, flow.total(Scope::kFirstParent));
  }
  if (to_compute) {
    return time;
  }
  const bool elided = outputs && options.counts.first_fill == FirstFill::kElided;
  const std::int64_t fills = elided ? flow.again(Scope::kFirstReceiver) : flow.total(Scope::kFirstReceiver);
  time.down = std::max(time.down, ports.add(b.child, b.role, Side::kWrite, fills));
  if (outputs && options.drains == Drains::kOnPorts) {
    time.up = std::max(time.up, ports.add(b.child, b.role, Side::kRead, flow.total(Scope::kFirstReceiver)));
  }
  return time;
}

std::string_view side_name(Side side) {
  return side == Side::kRead ? " read" : side == Side::kWrite ? " write" : " shared";
}

}  // namespace

Evaluation evaluate(const Mapping& mapping, const Problem& problem, const Accelerator& accelerator,
                    const EvaluateOptions& options) {
  WEFT_ENSURE(!check(mapping, problem, accelerator), "evaluating an illegal mapping");
  const Nest nest(mapping, problem);
  Evaluation result;
  Small<Flow, 9> all = flows(nest, mapping, problem, accelerator, options.counts);
  const std::span<Flow> flows(all.data(), all.size());
  result.counts = count_actions(nest, problem, accelerator, options.counts.first_fill, flows);
  Timing& timing = result.timing;
  timing.compute_cycles = temporal_iterations(nest);

  PortTimes ports(accelerator, problem);
  RampTimes ramps{0, 0, PortTimes(accelerator, problem), {}, {}};
  const bool with_ramps = options.ramps == Ramps::kAdd;
  if (with_ramps) {
    ramps = ramp_times(nest, mapping, problem, accelerator, flows);
  }
  double serial = 0;
  for (Flow& flow : flows) {
    const Boundary& b = flow.boundary();
    const BoundaryTime time = add_boundary(flow, accelerator.depth(), options, ports);
    if (b.child == accelerator.depth()) {
      continue;
    }
    const auto child = static_cast<std::size_t>(b.child);
    const auto role = static_cast<std::size_t>(index_of(b.role));
    if (accelerator.levels[child].memory_for(b.role)->buffering == Buffering::kSingle) {
      serial += time.down + time.up - (with_ramps ? ramps.load[child][role] + ramps.store[child][role] : 0.0);
    }
  }

  timing.ramp_in = ramps.in;
  timing.ramp_out = ramps.out;
  double slowest = static_cast<double>(timing.compute_cycles) + serial;
  timing.bottleneck = serial > 0 ? "compute and single-buffered fills" : "compute";
  for (int level = 0; level < accelerator.depth(); ++level) {
    const StorageLevel& storage = accelerator.levels[static_cast<std::size_t>(level)];
    for (int memory = 0; memory < static_cast<int>(storage.memories.size()); ++memory) {
      timing.ports.push_back({level, memory, ports.at(level, memory, Side::kRead),
                              ports.at(level, memory, Side::kWrite), ports.at(level, memory, Side::kShared)});
      for (const Side side : {Side::kRead, Side::kWrite, Side::kShared}) {
        const double busy = ports.at(level, memory, side) - ramps.ports.at(level, memory, side);
        if (busy > slowest + kRounding) {
          slowest = busy;
          timing.bottleneck =
              storage.memories[static_cast<std::size_t>(memory)].name + std::string(side_name(side));
        }
      }
    }
  }
  const double total = timing.ramp_in + slowest + timing.ramp_out;
  if (total > 9e18) {
    throw OverflowError();
  }
  timing.cycles = static_cast<std::int64_t>(std::ceil(total - kRounding));
  result.utilization =
      static_cast<double>(result.counts.macs) /
      (static_cast<double>(timing.cycles) * static_cast<double>(accelerator.compute_units()));
  return result;
}

}  // namespace weft
