// See mover.hpp.
// SPDX-License-Identifier: Apache-2.0
#include "arch/sim/mover.hpp"

#include <algorithm>
#include <utility>

namespace weft::sim {

namespace {

const TileSequence& tiles_of(const Job& job, const Link& link) {
  return job.tiles.at[static_cast<std::size_t>(index_of(link.role))][link.position];
}

const PortWork& work_of(const Job& job, const Link& link, std::size_t i) {
  return job.work.at[static_cast<std::size_t>(index_of(link.role))][link.position][i];
}

double bits(const Place& place, std::int64_t words) {
  return static_cast<double>(words) * place.word_bits;
}

// Words the parent reads although none comes down: later senders of a word add to what the first one left, so
// they are read when the store arrives.
bool accumulates_above(const Load& load) {
  return load.role == Role::kOutputs && load.fills == 0;
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
  } else {
    note(i, "its turn");
    job.window->await_turn(tile.step);
  }
  note(i, "a free slot");
  link.own.slots->await_slot();
  const PortWork& work = work_of(job, link, i);
  if (work.parent_read > 0 || work.own_write > 0) {
    const Phase phase = tile.step == 0 ? Phase::kRampIn : Phase::kSteady;
    Transfer transfer(tile.step, link.own.level, link.role, phase);
    transfer.read_from(*link.parent.ports, work.parent_read);
    transfer.write_to(*link.own.ports, work.own_write);
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
  if (link.role == Role::kOutputs) {
    parent.reads += accumulates_above(load) ? 0 : load.parent_reads;
    parent.read_back += load.fills;
  } else {
    parent.reads += load.parent_reads;
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
  const std::int64_t accumulated = accumulates_above(load) ? load.port_reads : 0;
  Ticks start = now();
  if (load.port_drains > 0 || load.port_updates > 0) {
    Transfer transfer(tiles[i].last_step, link.own.level, link.role);
    // Nothing waits for it but the tile that will take its slot.
    const std::size_t successor = i + static_cast<std::size_t>(link.own.slots->slots());
    transfer.needed_by(successor < tiles.size() ? tiles[successor].step : tiles.back().last_step + 1);
    const PortWork& work = work_of(job, link, i);
    transfer.read_from(*link.own.ports, work.own_read);
    transfer.write_to(*link.parent.ports, work.parent_write);
    transfer.read_from(*link.parent.ports, bits(link.parent, accumulated));
    Grant grant;
    arbiter_.request(std::move(transfer), grant);
    note(i, "its ports");
    arbiter_.await(grant);
    start = grant.start;
  }
  // The model's last stores follow the last MAC, wait for nothing else and read nothing.
  job.ramp_out_interference |=
      i + 1 == tiles.size() && (accumulated > 0 || start > link.own.slots->unused_at(i));
  job.done(std::max(tiles[i].step, tiles[i].last_step));
  count(job, load);
  if (job.values != nullptr) {
    job.values->store(link.position, i);
  }
  link.own.slots->free();
  if (link.parent.slots != nullptr) {
    link.parent.slots->finish_use(tiles[i].destination);
  } else {
    job.window->stored(std::max(tiles[i].step, tiles[i].last_step));
  }
}

void StoreEngine::count(Job& job, const Load& load) const {
  MeasuredTensor& own = measured(job, link.own, link.role);
  MeasuredTensor& parent = measured(job, link.parent, link.role);
  own.drains += load.drains;
  parent.updates += load.updates;
  parent.reads += accumulates_above(load) ? load.parent_reads : 0;
  parent.delivered += load.drains;
  parent.sent += load.updates;
}

}  // namespace weft::sim
