// Compiles the bound of a kind of mappings.
// SPDX-License-Identifier: Apache-2.0
#include "mapper/exact/bound.hpp"

#include <algorithm>

#include "base/error.hpp"
#include "dataflow/legality.hpp"
#include "dataflow/ports.hpp"

namespace weft::exact {

namespace {

std::size_t at(Role role) {
  return static_cast<std::size_t>(index_of(role));
}

double cycles_per_word(const std::optional<BitsPerCycle>& bandwidth, int bits) {
  return bandwidth ? bits / bandwidth->count() : 0;
}

int next_keeper(const Kind& kind, Role role, int level) {
  int child = level + 1;
  while (child < static_cast<int>(kind.keep.size()) &&
         !kind.keep[static_cast<std::size_t>(child)][at(role)]) {
    ++child;
  }
  return child;
}

}  // namespace

BoundProgram::BoundProgram(const MapRequest& request, const MapSpace& space, const Layout& layout,
                           const CostModel& costs, const Kind& kind, int parts,
                           const PerRole<std::vector<bool>>& slides)
    : slides_(slides),
      request_(&request),
      space_(&space),
      layout_(&layout),
      with_ramps_(request.model.ramps == Ramps::kAdd) {
  const Accelerator& machine = space.accelerator();
  for (int level = 0; level < space.depth(); ++level) {
    first_port_.push_back(ports_);
    ports_ += kSides * machine.levels[static_cast<std::size_t>(level)].memories.size();
  }
  add_limits(kind);
  fitting_ = products_.size();
  iterations_ = product(layout.iterations);
  macs_ = static_cast<double>(macs(space.problem()));
  constant_energy_ = costs.mac * static_cast<double>(macs(space.problem()));
  leak_ = costs.compute_leak * static_cast<double>(machine.compute_units());
  for (int level = 0; level < space.depth(); ++level) {
    const auto l = static_cast<std::size_t>(level);
    for (std::size_t m = 0; m < costs.memories[l].size(); ++m) {
      const bool gated = machine.levels[l].memories[m].power_gating == PowerGating::kUnused;
      leak_ += costs.memories[l][m].leak * static_cast<double>(gated ? 1 : machine.instances(level));
    }
    for (const Role role : kAllRoles) {
      if (kind.keep[l][at(role)]) {
        add_flow({role, level, next_keeper(kind, role, level)}, kind, costs, parts);
      }
    }
  }
  fixed_out_ += static_cast<double>(machine.compute.latency_cycles - 1);
  if (with_ramps_) {
    add_ramps();
  }
  add_turns();
}

void BoundProgram::add_limits(const Kind& kind) {
  for (int level = 0; level < space_->depth(); ++level) {
    const auto l = static_cast<std::size_t>(level);
    const FanOut& fanout = space_->accelerator().levels[l].fanout;
    const auto systolic = [&](Role role) { return fanout.network[at(role)] == NetworkKind::kSystolic; };
    for (const auto& [axis, limit] :
         {std::pair{layout_->columns[l], fanout.x}, std::pair{layout_->rows[l], fanout.y}}) {
      if (limit == 1) {
        continue;
      }
      axes_.emplace_back(product(axis), static_cast<double>(limit));
      if (systolic(Role::kWeights) || systolic(Role::kInputs)) {
        hops_.emplace_back(product(axis), true);
      }
      if (systolic(Role::kOutputs) && fanout.outlet != Outlet::kEdge) {
        hops_.emplace_back(product(axis), false);
      } else if (systolic(Role::kOutputs)) {
        fixed_out_ += static_cast<double>(limit - 1);  // through the idle instances too
      }
    }
    const auto& capacity = space_->level(level).capacity;
    for (std::size_t memory = 0; level > 0 && memory < capacity.size(); ++memory) {
      Room room;
      room.bits = static_cast<double>(capacity[memory]);
      for (const Role role : kAllRoles) {
        if (kind.keep[l][at(role)] && space_->level(level).memory[at(role)] == static_cast<int>(memory)) {
          room.tiles.emplace_back(product(layout_->tile[l][at(role)]),
                                  space_->level(level).word_bits[at(role)]);
        }
      }
      if (!room.tiles.empty()) {
        rooms_.push_back(std::move(room));
      }
    }
  }
}

std::size_t BoundProgram::product(std::size_t index, bool above, int part, std::size_t special) {
  for (std::size_t i = 0; i < products_.size(); ++i) {
    const Product& known = products_[i];
    if (known.index == index && above_[i] == above && known.special_part == part &&
        known.special == special) {
      return i;
    }
  }
  products_.push_back({index, part, special});
  above_.push_back(above);
  return products_.size() - 1;
}

std::size_t BoundProgram::port(int level, Role role) const {
  return first_port_[static_cast<std::size_t>(level)] +
         kSides * static_cast<std::size_t>(
                      space_->accelerator().levels[static_cast<std::size_t>(level)].memory_index(role));
}

// From which level inwards the loops that the tensor does not mention move nothing into the child.
int BoundProgram::free_from(Role role, int child, const Kind& kind) const {
  int level = child;
  while (level > 0) {
    const Stationary& here = kind.stationary[static_cast<std::size_t>(level - 1)];
    if (!here.inner[at(role)] && !here.all[at(role)]) {
      break;
    }
    --level;
    if (!here.all[at(role)]) {
      break;
    }
  }
  return level;
}

BoundProgram::Amount BoundProgram::amount(const Asked& asked, const Kind& kind, int parts) {
  const Role role = asked.boundary.role;
  Amount result;
  result.scale = constant_words(space_->problem().tensor(role), space_->problem());
  if (asked.boundary.child == space_->depth()) {
    result.whole[result.alternatives++] = product(asked.whole(asked.boundary.child));
    result.exact = true;
    return result;
  }
  const int level = free_from(role, asked.boundary.child, kind);
  const std::size_t index = asked.whole(level);
  result.whole[result.alternatives++] = product(index);
  for (int part = 0; part < parts; ++part) {
    if (slides_[at(role)][static_cast<std::size_t>(part)]) {
      WEFT_ENSURE(result.alternatives < result.whole.size(), "a tensor with more than three windows");
      result.whole[result.alternatives++] = product(index, false, part, asked.slide());
    }
  }
  result.once = product(asked.once());
  for (const Role limiting : kAllRoles) {
    const auto l = static_cast<std::size_t>(level);
    const Memory* memory = level > 0 && level < space_->depth() && kind.keep[l][at(limiting)]
                               ? space_->accelerator().levels[l].memory_for(limiting)
                               : nullptr;
    if (limiting == role || memory == nullptr || !memory->capacity) {
      continue;
    }
    Amount::Limit& limit = result.limits[result.limited++];
    const std::size_t volume = asked.volume(level, limiting);
    std::size_t alternative = 0;
    limit.volume[alternative++] = product(volume);
    for (int part = 0; part < parts; ++part) {
      if (slides_[at(role)][static_cast<std::size_t>(part)]) {
        limit.volume[alternative++] = product(volume, false, part, asked.slide());
      }
    }
    limit.rest = product(layout_->rest[l][at(limiting)][at(role)]);
    limit.per_word = static_cast<double>(stored_bits(*memory, space_->problem(), limiting)) /
                     static_cast<double>(usable_bits(*memory));
  }
  return result;
}

void BoundProgram::add_flow(const Boundary& boundary, const Kind& kind, const CostModel& costs, int parts) {
  const Role role = boundary.role;
  const int depth = space_->depth();
  const auto asked = [&](Scope scope) -> const Asked& {
    return layout_->find(boundary, scope, Visits::kAll);
  };
  Flow flow;
  flow.boundary = boundary;
  flow.to_compute = boundary.child == depth;
  flow.par = amount(asked(Scope::kParents), kind, parts);
  flow.rec = amount(asked(Scope::kReceivers), kind, parts);
  flow.first_par = amount(asked(Scope::kFirstParent), kind, parts);
  flow.first_rec = amount(asked(Scope::kFirstReceiver), kind, parts);
  flow.scale = flow.par.scale;
  const bool outputs = role == Role::kOutputs;
  if (outputs) {
    const auto seen = [&](Scope scope) {
      return product(layout_->find(boundary, scope, Visits::kFirst).whole(0), true);
    };
    flow.seen_par = seen(Scope::kParents);
    flow.seen_rec = seen(Scope::kReceivers);
    flow.seen_first_par = seen(Scope::kFirstParent);
    flow.seen_first_rec = seen(Scope::kFirstReceiver);
  }
  const StorageLevel& above = space_->accelerator().levels[static_cast<std::size_t>(boundary.parent)];
  const Memory& parent = *above.memory_for(role);
  const int parent_bits = stored_bits(parent, space_->problem(), role);
  const MemoryCosts& upper = costs.memories[static_cast<std::size_t>(boundary.parent)]
                                           [static_cast<std::size_t>(above.memory_index(role))];
  const auto block = static_cast<double>(upper.block_words[at(role)]);
  flow.parent_out = upper.read / block;
  flow.parent_in = upper.update / block;
  flow.port_parent = port(boundary.parent, role);
  flow.time_parent_read = cycles_per_word(parent.read_bandwidth, parent_bits);
  flow.time_parent_write = cycles_per_word(parent.write_bandwidth, parent_bits);
  flow.shared_parent = cycles_per_word(parent.shared_bandwidth, parent_bits);
  for (int level = boundary.parent; level < boundary.child; ++level) {
    flow.network_word += costs.network_per_word[static_cast<std::size_t>(level)][at(role)];
    flow.network_send += costs.network_per_send[static_cast<std::size_t>(level)][at(role)];
  }
  if (!flow.to_compute) {
    const StorageLevel& below = space_->accelerator().levels[static_cast<std::size_t>(boundary.child)];
    const Memory& child = *below.memory_for(role);
    const int child_bits = stored_bits(child, space_->problem(), role);
    const MemoryCosts& lower = costs.memories[static_cast<std::size_t>(boundary.child)]
                                             [static_cast<std::size_t>(below.memory_index(role))];
    const auto child_block = static_cast<double>(lower.block_words[at(role)]);
    flow.child_in = lower.write / child_block;
    flow.child_out = outputs ? lower.drain / child_block : 0;
    flow.port_child = port(boundary.child, role);
    flow.time_child_read =
        request_->model.drains == Drains::kOnPorts ? cycles_per_word(child.read_bandwidth, child_bits) : 0;
    flow.time_child_write = cycles_per_word(child.write_bandwidth, child_bits);
    flow.shared_child = cycles_per_word(child.shared_bandwidth, child_bits);
    flow.serial = child.buffering == Buffering::kSingle;
  }
  flows_.push_back(std::move(flow));
}

void BoundProgram::add_ramps() {
  for (int child = 1; child < space_->depth(); ++child) {
    for (const Flow& flow : flows_) {
      if (flow.boundary.child != child) {
        continue;
      }
      const Boundary& b = flow.boundary;
      for (const EdgeTile& edge : layout_->edges) {
        if (edge.boundary.role != b.role || edge.boundary.parent != b.parent ||
            edge.boundary.child != child) {
          continue;
        }
        const bool out = b.role == Role::kOutputs;
        Ramp ramp;
        ramp.out = out;
        ramp.parent = product(edge.parent);
        ramp.receiver = product(edge.receiver);
        ramp.scale = flow.scale;
        ramp.read = out ? flow.time_parent_write : flow.time_parent_read;
        ramp.write = out ? flow.time_child_read : flow.time_child_write;
        ramp.read_shared = flow.shared_parent;
        ramp.write_shared = flow.shared_child;
        ramp.port_parent = flow.port_parent;
        ramp.port_child = flow.port_child;
        ramp.serial = flow.serial;
        ramps_.push_back(ramp);
      }
    }
  }
}

// The array stands still while they change their tiles, one after the other on the port they share.
void BoundProgram::add_turns() {
  for (const Flow& flow : flows_) {
    if (!flow.serial) {
      continue;
    }
    const bool known = std::any_of(turns_.begin(), turns_.end(),
                                   [&](const Turns& turns) { return turns.port == flow.port_parent; });
    if (!known) {
      turns_.push_back({flow.port_parent, flow.shared_parent > 0, true});
    }
  }
  for (Turns& turns : turns_) {
    for (const Flow& flow : flows_) {
      if (flow.serial && flow.port_parent == turns.port) {
        const bool alone = space_->accelerator().instances(flow.boundary.child) == 1;
        const double port = turns.shared ? flow.shared_parent : flow.time_parent_read;
        const double others = std::max({flow.time_parent_read, flow.time_parent_write, flow.time_child_read,
                                        flow.time_child_write, flow.shared_child});
        turns.first_loads = turns.first_loads && alone && port >= others && turns.shared;
      }
    }
  }
}

}  // namespace weft::exact
