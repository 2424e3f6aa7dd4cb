// The bound program at work: values of products in, least cycles and energy out.
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cmath>
#include <limits>

#include "mapper/exact/bound.hpp"

namespace weft::exact {

namespace {

// Three sides of three memories at each level.
constexpr std::size_t kMaxPorts = 9 * kMaxDepth;
// What summing in another order may cost.
constexpr double kSlack = 1e-9;

}  // namespace

double BoundProgram::value(const Amount& amount, std::span<const double> values) const {
  double least = std::numeric_limits<double>::infinity();
  for (std::size_t i = 0; i < amount.alternatives; ++i) {
    double words = values[amount.whole[i]];
    // Repetitions times extents are fixed, extents are limited by capacity: repetitions cannot be fewer.
    for (std::size_t j = 0; j < amount.limited; ++j) {
      const Amount::Limit& limit = amount.limits[j];
      words = std::max(words, values[limit.volume[i]] * values[limit.rest] * limit.per_word * (1 - kSlack));
    }
    least = std::min(least, words);
  }
  return amount.scale * (amount.exact ? least : std::max(least, values[amount.once]));
}

bool BoundProgram::fits(std::span<const double> values) const {
  for (const auto& [axis, limit] : axes_) {
    if (values[axis] > limit) {
      return false;
    }
  }
  return std::all_of(rooms_.begin(), rooms_.end(), [&](const Room& room) {
    double bits = 0;
    for (const auto& [tile, width] : room.tiles) {
      bits += values[tile] * width;
    }
    return bits <= room.bits;
  });
}

Bound BoundProgram::bound(std::span<const double> values) const {
  // Per port: busy over the run, single-buffered loads and stores, first loads, those of them not into
  // single-buffered memories, last stores.
  std::array<std::array<double, kMaxPorts>, 6> times;
  auto& [ports, serial_read, serial_write, loading, late, storing] = times;
  for (std::array<double, kMaxPorts>& of_port : times) {
    std::fill_n(of_port.begin(), ports_, 0.0);
  }
  double energy = constant_energy_;
  for (const Flow& flow : flows_) {
    const double par = value(flow.par, values);
    const double rec = value(flow.rec, values);
    const double first_par = value(flow.first_par, values);
    const double first_rec = flow.to_compute ? 0 : value(flow.first_rec, values);
    double reads = first_par;
    double fills = first_rec;
    double parent_read = 0;
    double parent_write = 0;
    if (flow.boundary.role == Role::kOutputs) {
      const auto again = [&](double all, std::size_t seen) {
        return std::max(0.0, all - flow.scale * values[seen]);
      };
      const double back = again(rec, flow.seen_rec);
      energy += par * flow.parent_in + again(par, flow.seen_par) * flow.parent_out +
                (rec + back) * flow.network_word + par * flow.network_send +
                (flow.to_compute ? 0 : rec * flow.child_out + back * flow.child_in);
      reads = again(first_par, flow.seen_first_par);
      fills = flow.to_compute ? 0 : again(first_rec, flow.seen_first_rec);
      parent_write = first_par * flow.time_parent_write;
      ports[flow.port_parent + 1] += parent_write;
      ports[flow.port_parent + 2] += first_par * flow.shared_parent;
      if (!flow.to_compute) {
        ports[flow.port_child] += first_rec * flow.time_child_read;
        ports[flow.port_child + 2] += flow.time_child_read > 0 ? first_rec * flow.shared_child : 0;
      }
    } else {
      energy += par * (flow.parent_out + flow.network_send) + rec * (flow.network_word + flow.child_in);
    }
    parent_read = reads * flow.time_parent_read;
    ports[flow.port_parent] += parent_read;
    ports[flow.port_parent + 2] += reads * flow.shared_parent;
    if (!flow.to_compute) {
      ports[flow.port_child + 1] += fills * flow.time_child_write;
      ports[flow.port_child + 2] += fills * flow.shared_child;
    }
    if (flow.serial) {
      const std::size_t source = flow.port_parent;
      serial_read[source] += flow.shared_parent > 0 ? reads * flow.shared_parent : parent_read;
      serial_write[source] += flow.boundary.role != Role::kOutputs ? 0
                              : flow.shared_parent > 0             ? first_par * flow.shared_parent
                                                                   : parent_write;
    }
  }
  // Besides what a port or the array does all the time, what happens before and after on other ports.
  double hops_in = 0;
  double longest = 0;
  double out = 0;
  if (with_ramps_) {
    out = fixed_out_;
    for (const auto& [axis, inwards] : hops_) {
      (inwards ? hops_in : out) += values[axis] - 1;
    }
    for (const Ramp& ramp : ramps_) {
      const double parent = ramp.scale * values[ramp.parent];
      const double receiver = ramp.scale * values[ramp.receiver];
      const double time = std::max({parent * ramp.read, parent * ramp.read_shared, receiver * ramp.write,
                                    receiver * ramp.write_shared});
      if (ramp.out) {
        out += time;
        for (const std::size_t port :
             {ramp.port_parent + 1, ramp.port_parent + 2, ramp.port_child, ramp.port_child + 2}) {
          storing[port] += time;
        }
        continue;
      }
      for (const auto& [port, busy] : {std::pair{ramp.port_parent, parent * ramp.read},
                                       {ramp.port_parent + 2, parent * ramp.read_shared},
                                       {ramp.port_child + 1, receiver * ramp.write},
                                       {ramp.port_child + 2, receiver * ramp.write_shared}}) {
        loading[port] += busy;
        late[port] += ramp.serial ? 0 : busy;
        longest = std::max(longest, loading[port]);
      }
      longest = std::max(longest, time);
    }
  }
  // What is still free of a fan-out is at most its whole multiple.
  double units = 1;
  for (const auto& [axis, limit] : axes_) {
    units *= values[axis] * std::floor(limit / values[axis]);
  }
  const double compute = std::max(values[iterations_], macs_ / units);
  double slowest = hops_in + longest + compute + out;
  for (std::size_t port = 0; port < ports_; ++port) {
    slowest = std::max(slowest, ports[port] + hops_in + (out - storing[port]));
  }
  for (const Turns& turns : turns_) {
    const double read = serial_read[turns.port];
    const double write = serial_write[turns.port];
    double still = compute + (turns.shared ? read + write : std::max(read, write));
    if (turns.first_loads && with_ramps_) {
      still += hops_in + late[turns.port + 2] + (out - storing[turns.port + 2]);
    }
    slowest = std::max(slowest, still);
  }
  Bound result;
  result.cycles = std::max<std::int64_t>(
      1, static_cast<std::int64_t>(std::ceil(std::min(slowest, 9e18) * (1 - kSlack) - 1.0 / 512)));
  result.energy_pj = (energy + leak_ * static_cast<double>(result.cycles)) * (1 - kSlack);
  return result;
}

}  // namespace weft::exact
