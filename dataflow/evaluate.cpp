// SPDX-License-Identifier: Apache-2.0
#include "dataflow/evaluate.hpp"

#include <algorithm>
#include <cmath>

#include "base/checked.hpp"
#include "base/error.hpp"
#include "dataflow/assess.hpp"
#include "dataflow/flow.hpp"
#include "dataflow/legality.hpp"
#include "dataflow/mapping_effect.hpp"
#include "dataflow/ramps.hpp"
#include "dataflow/skew.hpp"
#include "dataflow/steps.hpp"

namespace weft {

namespace {

// Fractions of a cycle below this are rounding noise of the sums, not time.
constexpr double kRounding = 1.0 / 1024;

// Cycles that the transfers of one boundary take over the whole run, by port (for the first instances).
struct BoundaryTime {
  double parent_read = 0, child_write = 0;  // downwards
  double child_read = 0, parent_write = 0;  // upwards
  [[nodiscard]] double down() const { return std::max(parent_read, child_write); }
  [[nodiscard]] double up() const { return std::max(child_read, parent_write); }
};

BoundaryTime add_boundary(const FlowWords& flow, int depth, const EvaluateOptions& options,
                          PortTimes& ports) {
  const Boundary& b = flow.boundary;
  const Serves serves = b.child == depth ? Serves::kCompute : Serves::kMemory;
  const bool outputs = b.role == Role::kOutputs;
  BoundaryTime time;
  const std::int64_t reads = outputs ? flow.again(Scope::kFirstParent) : flow.total(Scope::kFirstParent);
  time.parent_read = ports.add(b.parent, b.role, Side::kRead, reads, serves);
  if (outputs) {
    time.parent_write = ports.add(b.parent, b.role, Side::kWrite, flow.total(Scope::kFirstParent), serves);
  }
  if (b.child == depth) {
    return time;
  }
  const bool elided = outputs && options.counts.first_fill == FirstFill::kElided;
  const std::int64_t fills = elided ? flow.again(Scope::kFirstReceiver) : flow.total(Scope::kFirstReceiver);
  time.child_write = ports.add(b.child, b.role, Side::kWrite, fills, Serves::kArrival);
  if (outputs && options.drains == Drains::kOnPorts) {
    time.child_read = ports.add(b.child, b.role, Side::kRead, flow.total(Scope::kFirstReceiver));
  }
  return time;
}

// The array stands still while single-buffered memories of a level change their tiles. Memories side by side
// do so together; what they take from the same memory above takes turns on its ports.
class SerialTime {
 public:
  explicit SerialTime(const Accelerator& accelerator) : accelerator_(accelerator) {}

  void add(const Boundary& b, const BoundaryTime& time, const RampTimes& ramps) {
    const StorageLevel& storage = accelerator_.levels[static_cast<std::size_t>(b.child)];
    if (storage.memory_for(b.role)->buffering != Buffering::kSingle) {
      return;
    }
    const auto child = static_cast<std::size_t>(b.child);
    const auto role = static_cast<std::size_t>(index_of(b.role));
    const double ramp = ramps.load.empty() ? 0 : ramps.load[child][role] + ramps.store[child][role];
    find(own_, {b.child, b.child, storage.port_index(b.role)}).read += time.down() + time.up() - ramp;
    const int source = accelerator_.levels[static_cast<std::size_t>(b.parent)].port_index(b.role);
    Busy& above = find(above_, {b.child, b.parent, source});
    above.read += time.parent_read;
    above.write += time.parent_write;
    above.ramp += ramp;
  }

  [[nodiscard]] double cycles() const {
    double sum = 0;
    for (int level = 0; level < accelerator_.depth(); ++level) {
      double slowest = 0;
      for (const Busy& one : own_) {
        slowest = one.ports.child == level ? std::max(slowest, one.read) : slowest;
      }
      for (const Busy& source : above_) {
        if (source.ports.child == level) {
          slowest = std::max(slowest, taken(source) - source.ramp);
        }
      }
      sum += slowest;
    }
    return sum;
  }

 private:
  // A set of ports that tiles of `child` pass.
  struct Ports {
    int child = 0, level = 0, port = 0;
    bool operator==(const Ports&) const = default;
  };
  struct Busy {
    Ports ports;
    double read = 0, write = 0, ramp = 0;
  };
  using List = Small<Busy, 9>;

  static Busy& find(List& list, const Ports& ports) {
    const auto known =
        std::find_if(list.begin(), list.end(), [&](const Busy& one) { return one.ports == ports; });
    return known != list.end() ? *known : list.emplace_back(Busy{.ports = ports});
  }
  [[nodiscard]] double taken(const Busy& source) const {
    const StorageLevel& above = accelerator_.levels[static_cast<std::size_t>(source.ports.level)];
    const bool shared = above.bandwidths(source.ports.port).shared.has_value();
    return shared ? source.read + source.write : std::max(source.read, source.write);
  }

  const Accelerator& accelerator_;
  List own_, above_;  // the memories' own ports (read: both ways), and those above that they take from
};

std::string_view side_name(Side side) {
  return side == Side::kRead ? " read" : side == Side::kWrite ? " write" : " shared";
}

// What sets the pace: a port, or the array.
struct Narrowest {
  const StorageLevel* storage = nullptr;  // null: the array
  int port = 0;
  Side side = Side::kRead;
  [[nodiscard]] std::string name(double serial) const {
    return storage != nullptr ? storage->port_name(port) + std::string(side_name(side))
           : serial > 0       ? "compute and single-buffered fills"
                              : "compute";
  }
};

}  // namespace

double compute_time(std::int64_t iterations, const Accelerator& accelerator) {
  return static_cast<double>(iterations) * (accelerator.effect ? accelerator.effect->cycles : 1);
}

MachineUse machine_use(const Nest& nest, const Mapping& mapping, const Accelerator& accelerator) {
  MachineUse use;
  use.compute_cycles = checked_mul(temporal_iterations(nest), accelerator.compute.iteration_cycles);
  use.instances.reserve(static_cast<std::size_t>(accelerator.depth()) + 1);
  for (int level = 0; level <= accelerator.depth(); ++level) {
    use.instances.push_back(nest.instances_used(level));
  }
  const Skew hops = skew(mapping, accelerator);
  use.skew_in = hops.in;
  use.skew_out = hops.out;
  return use;
}

Evaluation evaluate(const Mapping& mapping, const Problem& problem, const Accelerator& accelerator,
                    const EvaluateOptions& options) {
  WEFT_ENSURE(!check(mapping, problem, accelerator), "evaluating an illegal mapping");
  return MappingEvaluator(problem, accelerator, options).evaluate(mapping);
}

MappingEvaluator::MappingEvaluator(const Problem& problem, const Accelerator& accelerator,
                                   const EvaluateOptions& options)
    : problem_(&problem),
      accelerator_(&accelerator),
      options_(options),
      memo_(std::make_unique<GroupMemo>()) {}
MappingEvaluator::MappingEvaluator(MappingEvaluator&&) noexcept = default;
MappingEvaluator& MappingEvaluator::operator=(MappingEvaluator&&) noexcept = default;
MappingEvaluator::~MappingEvaluator() = default;

Evaluation MappingEvaluator::evaluate(const Mapping& mapping) {
  const Nest nest(mapping, *problem_);
  const Small<FlowWords, 9> flows =
      flow_words(nest, mapping, *problem_, *accelerator_, options_.counts, *memo_);
  const MappedMachine machine(nest, mapping, *problem_, *accelerator_);
  return assess(*problem_, *machine, {flows.data(), flows.size()}, machine_use(nest, mapping, *accelerator_),
                options_);
}

Evaluation assess(const Problem& problem, const Accelerator& accelerator, std::span<const FlowWords> flows,
                  const MachineUse& use, const EvaluateOptions& options) {
  Evaluation result;
  result.counts = count_actions(problem, accelerator, options.counts.first_fill, flows, use);
  Timing& timing = result.timing;
  const double computing = compute_time(use.compute_cycles, accelerator);
  timing.compute_cycles = static_cast<std::int64_t>(std::ceil(computing - kRounding));

  PortTimes ports(accelerator, problem);
  RampTimes ramps{0, 0, PortTimes(accelerator, problem), {}, {}};
  if (options.ramps == Ramps::kAdd) {
    ramps = ramp_times(problem, accelerator, flows, use);
  }
  SerialTime serial_time(accelerator);
  for (const FlowWords& flow : flows) {
    const BoundaryTime time = add_boundary(flow, accelerator.depth(), options, ports);
    if (flow.boundary.child < accelerator.depth()) {
      serial_time.add(flow.boundary, time, ramps);
    }
  }
  const double serial = serial_time.cycles();

  timing.ramp_in = ramps.in;
  timing.ramp_out = ramps.out;
  double slowest = computing + serial;
  Narrowest narrowest;
  timing.ports.reserve(static_cast<std::size_t>(kRoles * accelerator.depth()));
  for (int level = 0; level < accelerator.depth(); ++level) {
    const StorageLevel& storage = accelerator.levels[static_cast<std::size_t>(level)];
    for (int port = 0; port < storage.ports(); ++port) {
      timing.ports.push_back({level, port, ports.at(level, port, Side::kRead),
                              ports.at(level, port, Side::kWrite), ports.at(level, port, Side::kShared)});
      for (const Side side : {Side::kRead, Side::kWrite, Side::kShared}) {
        const double busy = ports.at(level, port, side) - ramps.ports.at(level, port, side);
        if (busy > slowest + kRounding) {
          slowest = busy;
          narrowest = {&storage, port, side};
        }
      }
    }
  }
  timing.bottleneck = narrowest.name(serial);
  const double total = timing.ramp_in + slowest + timing.ramp_out;
  if (total > 9e18) {
    throw OverflowError();
  }
  timing.cycles = static_cast<std::int64_t>(std::ceil(total - kRounding));
  result.utilization =
      static_cast<double>(result.counts.macs - result.counts.skipped) *
      static_cast<double>(accelerator.compute.iteration_cycles) /
      (static_cast<double>(timing.cycles) * static_cast<double>(accelerator.instances(accelerator.depth())));
  return result;
}

}  // namespace weft
