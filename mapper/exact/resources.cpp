// SPDX-License-Identifier: Apache-2.0
#include "mapper/exact/resources.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "dataflow/legality.hpp"
#include "dataflow/ports.hpp"
#include "mapper/exact/vectors.hpp"

namespace weft::exact {

namespace {

constexpr std::size_t kEnergy = 0;  // the first resource

double cycles_per_word(const std::optional<BitsPerCycle>& bandwidth, double bits) {
  return bandwidth ? bits / bandwidth->count() : 0;
}

int next_keeper(const Family& family, Role role, int level) {
  int child = level + 1;
  while (child < static_cast<int>(family.keep.size()) &&
         !family.keep[static_cast<std::size_t>(child)][at(role)]) {
    ++child;
  }
  return child;
}

}  // namespace

std::int64_t whole_cycles(double time) {
  return std::max<std::int64_t>(
      1, static_cast<std::int64_t>(std::ceil(std::min(time, 9e18) * (1 - kSlack) - 1.0 / 512)));
}

Resources::Resources(const MapRequest& request, const MapSpace& space, const CostModel& costs,
                     const Family& family)
    : request_(&request), space_(&space), with_ramps_(request.model.ramps == Ramps::kAdd) {
  const Accelerator& machine = space.accelerator();
  for (int level = 0; level < space.depth(); ++level) {
    first_port_.push_back(ports_);
    ports_ += kSides * static_cast<std::size_t>(machine.levels[static_cast<std::size_t>(level)].ports());
  }
  constant_energy_ = mac_energy(space.problem(), machine, costs);
  leak_ = costs.compute_leak * static_cast<double>(machine.compute_units());
  for (int level = 0; level < space.depth(); ++level) {
    const auto l = static_cast<std::size_t>(level);
    for (std::size_t m = 0; m < costs.memories[l].size(); ++m) {
      const bool gated = machine.levels[l].memories[m].power_gating == PowerGating::kUnused;
      leak_ += costs.memories[l][m].leak * static_cast<double>(gated ? 1 : machine.instances(level));
    }
    for (const Role role : kAllRoles) {
      if (family.keep[l][at(role)]) {
        add_flow({role, level, next_keeper(family, role, level)}, costs);
      }
    }
  }
  add_turns();
  width_ = padded(used_);
}

std::size_t Resources::port(int level, Role role) const {
  return first_port_[static_cast<std::size_t>(level)] +
         kSides * static_cast<std::size_t>(
                      space_->accelerator().levels[static_cast<std::size_t>(level)].port_index(role));
}

std::size_t Resources::resource_of(std::size_t port) {
  for (const auto& [known, resource] : busy_) {
    if (known == port) {
      return resource;
    }
  }
  busy_.emplace_back(port, used_);
  return used_++;
}

void Resources::term(std::size_t flow, std::size_t resource, double FlowCounts::*count, double per_word) {
  terms_[flow].push_back({resource, count, per_word});
}

void Resources::add_flow(const Boundary& boundary, const CostModel& costs) {
  const Role role = boundary.role;
  const bool outputs = role == Role::kOutputs;
  Flow flow;
  flow.boundary = boundary;
  flow.to_compute = boundary.child == space_->depth();
  const StorageLevel& above = space_->accelerator().levels[static_cast<std::size_t>(boundary.parent)];
  const Bandwidths parent = above.bandwidths(above.port_index(role));
  const Accelerator& machine = space_->accelerator();
  const double parent_bits = port_bits(machine, space_->problem(), boundary.parent, role,
                                       flow.to_compute ? Serves::kCompute : Serves::kMemory);
  const MemoryCosts& upper_plain = costs.memories[static_cast<std::size_t>(boundary.parent)]
                                                 [static_cast<std::size_t>(above.memory_index(role))];
  const AccessCosts upper = access_costs(upper_plain, expected_shares(machine, boundary.parent, role));
  const auto block = static_cast<double>(upper_plain.block_words[at(role)]);
  flow.port_parent = port(boundary.parent, role);
  flow.time_parent_read = cycles_per_word(parent.read, parent_bits);
  flow.time_parent_write = cycles_per_word(parent.write, parent_bits);
  flow.shared_parent = cycles_per_word(parent.shared, parent_bits);
  double network_word = 0;
  double network_send = 0;
  for (int level = boundary.parent; level < boundary.child; ++level) {
    network_word += costs.network_per_word[static_cast<std::size_t>(level)][at(role)];
    network_send += costs.network_per_send[static_cast<std::size_t>(level)][at(role)];
  }
  double child_in = 0;
  double child_out = 0;
  if (!flow.to_compute) {
    const StorageLevel& below = space_->accelerator().levels[static_cast<std::size_t>(boundary.child)];
    const Bandwidths child = below.bandwidths(below.port_index(role));
    const double child_bits = port_bits(machine, space_->problem(), boundary.child, role);
    const MemoryCosts& lower_plain = costs.memories[static_cast<std::size_t>(boundary.child)]
                                                   [static_cast<std::size_t>(below.memory_index(role))];
    const AccessCosts lower = access_costs(lower_plain, expected_shares(machine, boundary.child, role));
    const auto child_block = static_cast<double>(lower_plain.block_words[at(role)]);
    child_in = lower.write / child_block;
    child_out = outputs ? lower.drain / child_block : 0;
    flow.port_child = port(boundary.child, role);
    flow.time_child_read =
        request_->model.drains == Drains::kOnPorts ? cycles_per_word(child.read, child_bits) : 0;
    flow.time_child_write = cycles_per_word(child.write, child_bits);
    flow.shared_child = cycles_per_word(child.shared, child_bits);
    flow.serial = below.memory_for(role)->buffering == Buffering::kSingle;
  }
  const std::size_t f = flows_.size();
  flows_.push_back(flow);
  terms_.emplace_back();
  const auto busy = [&](std::size_t port, double FlowCounts::*count, double per_word) {
    if (per_word > 0) {
      term(f, resource_of(port), count, per_word);
    }
  };
  using C = FlowCounts;
  if (outputs) {
    term(f, kEnergy, &C::parents, upper.update / block + network_send);
    term(f, kEnergy, &C::parents_again, upper.read / block);
    term(f, kEnergy, &C::receivers, network_word + child_out);
    term(f, kEnergy, &C::receivers_again, network_word + child_in);
    busy(flow.port_parent + 1, &C::first_parent, flow.time_parent_write);
    busy(flow.port_parent + 2, &C::first_parent, flow.shared_parent);
  } else {
    term(f, kEnergy, &C::parents, upper.read / block + network_send);
    term(f, kEnergy, &C::receivers, network_word + child_in);
  }
  busy(flow.port_parent, outputs ? &C::first_parent_again : &C::first_parent, flow.time_parent_read);
  busy(flow.port_parent + 2, outputs ? &C::first_parent_again : &C::first_parent, flow.shared_parent);
  if (!flow.to_compute) {
    const auto fills = outputs ? &C::first_receiver_again : &C::first_receiver;
    busy(flow.port_child + 1, fills, flow.time_child_write);
    busy(flow.port_child + 2, fills, flow.shared_child);
    if (outputs) {
      busy(flow.port_child, &C::first_receiver, flow.time_child_read);
      busy(flow.port_child + 2, &C::first_receiver, flow.time_child_read > 0 ? flow.shared_child : 0);
    }
  }
}

// The array stands still while they change their tiles, one after the other on the port they share.
void Resources::add_turns() {
  using C = FlowCounts;
  for (std::size_t f = 0; f < flows_.size(); ++f) {
    const Flow& flow = flows_[f];
    if (!flow.serial) {
      continue;
    }
    auto turns = std::find_if(turns_.begin(), turns_.end(),
                              [&](const Turns& known) { return known.port == flow.port_parent; });
    if (turns == turns_.end()) {
      turns = turns_.insert(turns_.end(), {flow.port_parent, flow.shared_parent > 0, true, used_, used_ + 1});
      used_ += 2;
    }
    const double down = flow.shared_parent > 0 ? flow.shared_parent : flow.time_parent_read;
    const double up = flow.shared_parent > 0 ? flow.shared_parent : flow.time_parent_write;
    const bool outputs = flow.boundary.role == Role::kOutputs;
    term(f, turns->read, outputs ? &C::first_parent_again : &C::first_parent, down);
    if (outputs) {
      term(f, turns->write, &C::first_parent, up);
    }
    const bool alone = space_->accelerator().instances(flow.boundary.child) == 1;
    const double others = std::max({flow.time_parent_read, flow.time_parent_write, flow.time_child_read,
                                    flow.time_child_write, flow.shared_child});
    turns->first_loads = turns->first_loads && turns->shared && alone && flow.shared_parent >= others;
  }
}

void Resources::use(std::size_t flow, const FlowCounts& counts, double* used) const {
  std::fill_n(used, width_, 0.0);
  for (const Term& term : terms_[flow]) {
    used[term.resource] += counts.*term.count * term.per_word;
  }
}

double Resources::energy(std::size_t flow, const FlowCounts& counts) const {
  double sum = 0;
  for (const Term& term : terms_[flow]) {
    if (term.resource != kEnergy) {
      break;
    }
    sum += counts.*term.count * term.per_word;
  }
  return sum;
}

void Resources::settle(Edges& edges) const {
  std::fill_n(edges.beside.begin(), width_, -std::numeric_limits<double>::infinity());
  for (const auto& [port, resource] : busy_) {
    edges.beside[resource] = edges.hops_in + (edges.out - edges.storing[port]);
  }
}

Bound Resources::bound(const double* used, const Edges& edges) const {
  double slowest = std::max(edges.hops_in + edges.longest + edges.compute + edges.out,
                            greatest_sum(used, edges.beside.data(), width_));
  for (const Turns& turns : turns_) {
    const double read = used[turns.read];
    const double write = used[turns.write];
    double still = edges.compute + (turns.shared ? read + write : std::max(read, write));
    if (turns.first_loads && with_ramps_) {
      still += edges.hops_in + edges.late[turns.port + 2] + (edges.out - edges.storing[turns.port + 2]);
    }
    slowest = std::max(slowest, still);
  }
  return bound(used[kEnergy], whole_cycles(slowest));
}

}  // namespace weft::exact
