// See mover.hpp.
// SPDX-License-Identifier: Apache-2.0
#include "arch/sim/mover.hpp"

#include <utility>

namespace weft::sim {

namespace {

const TileSequence& tiles_of(const Job& job, const Link& link) {
  return job.tiles.at[static_cast<std::size_t>(index_of(link.role))][link.position];
}

double bits(const Job& job, Role role, std::int64_t words) {
  return static_cast<double>(words) * job.program->problem.tensor(role).bits;
}

MeasuredTensor& measured(Job& job, const Place& place, Role role) {
  return job.result.levels[static_cast<std::size_t>(place.level)]
      .tensors[static_cast<std::size_t>(index_of(role))];
}

}  // namespace

LoadEngine::LoadEngine(const sc_core::sc_module_name& name, std::string label, Arbiter& arbiter)
    : Engine(name, std::move(label)), arbiter_(arbiter) {}

void LoadEngine::execute(Job& job) {
  if (link.position == 0) {
    return;
  }
  for (std::size_t i = 0; i < tiles_of(job, link).size(); ++i) {
    load(job, i);
  }
}

void LoadEngine::load(Job& job, std::size_t i) {
  const Tile& tile = tiles_of(job, link)[i];
  const Load& load = *tile.load;
  if (link.parent.slots != nullptr) {
    note(i, "its tile to arrive at the level above");
    link.parent.slots->await_arrival(tile.source);
  }
  note(i, "a free slot");
  link.own.slots->await_slot();
  if (load.port_reads > 0 || load.port_fills > 0) {
    const Phase phase = tile.step == 0 ? Phase::kRampIn : Phase::kSteady;
    Transfer transfer(tile.step, link.own.level, link.role, phase);
    transfer.read_from(*link.parent.ports, bits(job, link.role, load.port_reads));
    transfer.write_to(*link.own.ports, bits(job, link.role, load.port_fills));
    Grant grant;
    arbiter_.request(std::move(transfer), grant);
    note(i, "its ports");
    arbiter_.await(grant);
  }
  count(job, load);
  if (job.values != nullptr) {
    job.values->load(link.role, link.position, i);
  }
  link.own.slots->arrive();
  if (link.parent.slots != nullptr) {
    link.parent.slots->finish_use(tile.source);
  }
}

void LoadEngine::count(Job& job, const Load& load) const {
  MeasuredTensor& own = measured(job, link.own, link.role);
  MeasuredTensor& parent = measured(job, link.parent, link.role);
  own.fills += load.fills;
  parent.reads += load.parent_reads;
  if (link.role == Role::kOutputs) {
    parent.read_back += load.fills;
  } else {
    parent.sent += load.parent_reads;
    parent.delivered += load.fills;
  }
}

StoreEngine::StoreEngine(const sc_core::sc_module_name& name, std::string label, Arbiter& arbiter)
    : Engine(name, std::move(label)), arbiter_(arbiter) {}

void StoreEngine::execute(Job& job) {
  if (link.position == 0) {
    return;
  }
  for (std::size_t i = 0; i < tiles_of(job, link).size(); ++i) {
    store(job, i);
  }
}

void StoreEngine::store(Job& job, std::size_t i) {
  const TileSequence& tiles = tiles_of(job, link);
  const Load& load = *tiles[i].load;
  note(i, "the last use of the tile");
  link.own.slots->await_unused(i);
  if (link.parent.slots != nullptr) {
    note(i, "the tile above to arrive");
    link.parent.slots->await_arrival(tiles[i].destination);
  }
  Ticks start = now();
  if (load.port_drains > 0 || load.port_updates > 0) {
    Transfer transfer(tiles[i].last_step, link.own.level, link.role);
    transfer.read_from(*link.own.ports, bits(job, link.role, load.port_drains));
    transfer.write_to(*link.parent.ports, bits(job, link.role, load.port_updates));
    Grant grant;
    arbiter_.request(std::move(transfer), grant);
    note(i, "its ports");
    arbiter_.await(grant);
    start = grant.start;
  }
  // The model's last stores follow the last MAC without waiting for anything else.
  job.ramp_out_interference |= i + 1 == tiles.size() && start > link.own.slots->unused_at(i);
  count(job, load);
  if (job.values != nullptr) {
    job.values->store(link.position, i);
  }
  link.own.slots->free();
  if (link.parent.slots != nullptr) {
    link.parent.slots->finish_use(tiles[i].destination);
  }
}

void StoreEngine::count(Job& job, const Load& load) const {
  MeasuredTensor& own = measured(job, link.own, link.role);
  MeasuredTensor& parent = measured(job, link.parent, link.role);
  own.drains += load.drains;
  parent.updates += load.updates;
  parent.delivered += load.drains;
  parent.sent += load.updates;
}

}  // namespace weft::sim
