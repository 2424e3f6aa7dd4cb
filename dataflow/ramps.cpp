// SPDX-License-Identifier: Apache-2.0
#include "dataflow/ramps.hpp"

#include <algorithm>
#include <limits>
#include <optional>

namespace weft {

namespace {

// A first load: waits for the load above it, then for its ports.
struct FirstLoad {
  Boundary boundary;
  int above = -1;  // index of the load it waits for
  double read = 0, read_shared = 0, write = 0, write_shared = 0;
  std::optional<double> ready, end;
};

struct PortFree {
  PortTimes until;
  [[nodiscard]] bool idle(int level, Role role, Side side, double now) const {
    const StorageLevel& storage = until.accelerator().levels[static_cast<std::size_t>(level)];
    const int port = storage.port_index(role);
    return until.at(level, port, side) <= now && until.at(level, port, Side::kShared) <= now;
  }
  double occupy(int level, Role role, Side side, double now, double own, double shared) {
    const int port = until.accelerator().levels[static_cast<std::size_t>(level)].port_index(role);
    if (own > 0) {
      until.at(level, port, side) = now + own;
    }
    if (shared > 0) {
      until.at(level, port, Side::kShared) = now + shared;
    }
    return now + std::max(own, shared);
  }
};

// Grants every waiting load whose ports are idle, oldest request first; returns the next moment to look.
double grant(Small<FirstLoad, 6>& loads, PortFree& ports, double now) {
  Small<FirstLoad*, 6> waiting;
  for (FirstLoad& load : loads) {
    if (!load.end && load.ready && *load.ready <= now) {
      const auto later = [&](const FirstLoad* other) { return *load.ready < *other->ready; };
      waiting.insert(std::find_if(waiting.begin(), waiting.end(), later), &load);
    }
  }
  for (FirstLoad* load : waiting) {
    const Boundary& b = load->boundary;
    if (ports.idle(b.parent, b.role, Side::kRead, now) && ports.idle(b.child, b.role, Side::kWrite, now)) {
      const double read = ports.occupy(b.parent, b.role, Side::kRead, now, load->read, load->read_shared);
      const double write = ports.occupy(b.child, b.role, Side::kWrite, now, load->write, load->write_shared);
      load->end = std::max(read, write);
    }
  }
  for (FirstLoad& load : loads) {
    if (!load.ready && loads[static_cast<std::size_t>(load.above)].end) {
      load.ready = loads[static_cast<std::size_t>(load.above)].end;
    }
  }
  double next = std::numeric_limits<double>::infinity();
  const auto consider = [&](double time) { next = time > now ? std::min(next, time) : next; };
  const Accelerator& machine = ports.until.accelerator();
  for (int level = 0; level < machine.depth(); ++level) {
    for (int port = 0; port < machine.levels[static_cast<std::size_t>(level)].ports(); ++port) {
      for (const Side side : {Side::kRead, Side::kWrite, Side::kShared}) {
        consider(ports.until.at(level, port, side));
      }
    }
  }
  bool again = false;
  for (const FirstLoad& load : loads) {
    if (!load.end && load.ready) {
      again = again || *load.ready <= now;
      consider(*load.ready);
    }
  }
  // A load that became ready at this very moment may start now, if its ports are idle.
  const auto can_start_now = [&](const FirstLoad& load) {
    const Boundary& b = load.boundary;
    return !load.end && load.ready && *load.ready <= now && ports.idle(b.parent, b.role, Side::kRead, now) &&
           ports.idle(b.child, b.role, Side::kWrite, now);
  };
  return again && std::any_of(loads.begin(), loads.end(), can_start_now) ? now : next;
}

FirstLoad first_load(const FlowWords& flow, const PortTimes& ports, const Small<FirstLoad, 6>& before) {
  const Boundary& b = flow.boundary;
  FirstLoad load{.boundary = b, .ready = {}, .end = {}};
  const auto cycles = [&](int level, Side side, Scope scope) {
    return ports.cycles(level, b.role, side, flow.first_tile(scope),
                        level == b.child ? Serves::kArrival : Serves::kMemory);
  };
  load.read = cycles(b.parent, Side::kRead, Scope::kFirstParent);
  load.read_shared = cycles(b.parent, Side::kShared, Scope::kFirstParent);
  load.write = cycles(b.child, Side::kWrite, Scope::kFirstReceiver);
  load.write_shared = cycles(b.child, Side::kShared, Scope::kFirstReceiver);
  for (std::size_t i = 0; i < before.size(); ++i) {
    if (before[i].boundary.role == b.role && before[i].boundary.child == b.parent) {
      load.above = static_cast<int>(i);
    }
  }
  if (load.above < 0) {
    load.ready = 0.0;
  }
  return load;
}

}  // namespace

RampTimes ramp_times(const Problem& problem, const Accelerator& accelerator, std::span<const FlowWords> flows,
                     const MachineUse& use) {
  RampTimes ramps{0, 0, PortTimes(accelerator, problem), {}, {}};
  ramps.load.resize(accelerator.levels.size());
  ramps.store.resize(accelerator.levels.size());
  Small<FirstLoad, 6> loads;
  for (const FlowWords& flow : flows) {
    const Boundary& b = flow.boundary;
    if (b.child == accelerator.depth()) {
      continue;
    }
    const auto child = static_cast<std::size_t>(b.child);
    const auto role = static_cast<std::size_t>(index_of(b.role));
    if (b.role == Role::kOutputs) {
      const double read =
          ramps.ports.add(b.child, b.role, Side::kRead, flow.last_tile(Scope::kFirstReceiver));
      const double write =
          ramps.ports.add(b.parent, b.role, Side::kWrite, flow.last_tile(Scope::kFirstParent));
      ramps.store[child][role] = std::max(read, write);
      ramps.out += ramps.store[child][role];
      continue;
    }
    loads.push_back(first_load(flow, ramps.ports, loads));
    const double read = ramps.ports.add(b.parent, b.role, Side::kRead, flow.first_tile(Scope::kFirstParent));
    const double write = ramps.ports.add(b.child, b.role, Side::kWrite,
                                         flow.first_tile(Scope::kFirstReceiver), Serves::kArrival);
    ramps.load[child][role] = std::max(read, write);
  }
  PortFree ports{PortTimes(accelerator, problem)};
  for (double now = 0; now < std::numeric_limits<double>::infinity();) {
    now = grant(loads, ports, now);
  }
  for (const FirstLoad& load : loads) {
    ramps.in = std::max(ramps.in, load.end.value_or(0));
  }
  ramps.in += static_cast<double>(use.skew_in);
  ramps.out += static_cast<double>(use.skew_out);
  return ramps;
}

}  // namespace weft
