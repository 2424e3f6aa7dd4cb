// See mover.hpp.
// SPDX-License-Identifier: Apache-2.0
#include "arch/sim/mover.hpp"

#include <algorithm>
#include <utility>

namespace weft::sim {

namespace {

const Link& link_of(const Part& part, const Station& station) {
  return part.links[at(station.role)][static_cast<std::size_t>(station.level)];
}

const TileSequence& tiles_of(const Part& part, const Link& link) {
  return part.tiles.at[at(link.role)][link.position];
}

const PortWork& work_of(const Part& part, const Link& link, std::size_t i) {
  return part.work.at[at(link.role)][link.position][i];
}

double bits(const Place& place, std::int64_t words) {
  return static_cast<double>(words) * place.word_bits;
}

// Words the parent reads although none comes down: later senders of a word add to what the first one left, so
// they are read when the store arrives.
bool accumulates_above(const Load& load) {
  return load.role == Role::kOutputs && load.fills == 0;
}

// Does the transfer end in a memory that takes its own time?
bool meets_outer(const Job& job, const Link& link) {
  return job.outer != nullptr && link.parent.level == 0;
}

MeasuredTensor& measured(Job& job, const Place& place, Role role) {
  return job.result.levels[static_cast<std::size_t>(place.level)].tensors[at(role)];
}

void count_load(Job& job, const Link& link, const Load& load) {
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

void count_store(Job& job, const Link& link, const Load& load) {
  MeasuredTensor& own = measured(job, link.own, link.role);
  MeasuredTensor& parent = measured(job, link.parent, link.role);
  own.drains += load.drains;
  parent.updates += load.updates;
  parent.reads += accumulates_above(load) ? load.parent_reads : 0;
  parent.delivered += load.drains;
  parent.sent += load.updates;
}

// `grant`: of a transfer that moved nothing it is empty.
void record(const Job& job, const Part& part, const Link& link, std::size_t i, bool store, Ticks asked,
            const Grant& grant) {
  if (job.recorder == nullptr) {
    return;
  }
  const Tile& tile = tiles_of(part, link)[i];
  const std::int64_t words = store ? tile.load->drains : tile.load->parent_reads;
  const Ticks begin = grant.holds.empty() ? now() : grant.holds.front().begin;
  job.recorder->tile({static_cast<std::int32_t>(part.number), store, link.role, link.own.level,
                      link.parent.level, static_cast<std::int64_t>(i), store ? tile.last_step : tile.step,
                      words, asked, begin, now()});
}

}  // namespace

LoadEngine::LoadEngine(const sc_core::sc_module_name& name, std::string label, Arbiter& arbiter,
                       Station station)
    : Engine(name, std::move(label), 8 * static_cast<std::uint64_t>(station.level) + at(station.role)),
      arbiter_(arbiter),
      station_(station) {}

void LoadEngine::execute(Job& job, Part& part) {
  const Link& link = link_of(part, station_);
  if (link.position == 0) {
    return;
  }
  await_predecessors(job, part);
  for (std::size_t i = 0; i < tiles_of(part, link).size(); ++i) {
    load(job, part, i);
  }
}

void LoadEngine::await_predecessors(Job& job, const Part& part) {
  const Link& link = link_of(part, station_);
  now_at(part, 0);
  if (link.parent.slots == nullptr && link.role != Role::kOutputs && !part.piece.given[at(link.role)]) {
    await_results(job, part);
  }
  now_doing(Doing::kBuffer);
  const auto level = static_cast<std::size_t>(station_.level);
  const bool early = part.early[at(link.role)][level];
  for (std::size_t r = 0; r < kRoles; ++r) {
    if (station_.memory[r] != nullptr) {
      station_.memory[r]->await_freed(early ? part.tiles_long_before[r][level] : part.tiles_before[r][level]);
    }
  }
}

void LoadEngine::await_results(Job& job, const Part& part) {
  now_doing(Doing::kPredecessor);
  for (const std::size_t before : part.piece.after) {
    job.sequence->await_over(before);
  }
}

void LoadEngine::load(Job& job, Part& part, std::size_t i) {
  const Link& link = link_of(part, station_);
  const Tile& tile = tiles_of(part, link)[i];
  const Ticks asked = now();
  now_at(part, i);
  if (link.role == Role::kOutputs && tile.load->parent_reads > 0) {
    await_results(job, part);  // partial sums: there are none before the first MAC
  }
  if (link.parent.slots != nullptr) {
    now_doing(Doing::kSource);
    link.parent.slots->await_arrival(link.parent.number(tile.source));
  } else {
    now_doing(Doing::kTurn);
    job.window->await_turn(part.first_step + tile.step);
  }
  now_doing(Doing::kSlot);
  link.own.slots->await_slot();
  hold_back();
  const PortWork& work = work_of(part, link, i);
  Grant grant;
  if (work.parent_read > 0 || work.own_write > 0) {
    const Phase phase = part.first_step + tile.step == 0 ? Phase::kRampIn : Phase::kSteady;
    Transfer transfer(part.first_step + tile.step, link.own.level, link.role, phase);
    transfer.called("load", part.number, i);
    transfer.read_from(*link.parent.ports, work.parent_read);
    transfer.write_to(*link.own.ports, work.own_write);
    if (meets_outer(job, link)) {
      beside(arbiter_, std::move(transfer), grant, [&] { job.outer->load(link.role, i); });
    } else {
      move(arbiter_, std::move(transfer), grant);
    }
  }
  hold_back();
  count_load(job, link, *tile.load);
  if (job.values != nullptr) {
    job.values->load(link.role, link.position, i);
  }
  record(job, part, link, i, false, asked, grant);
  now_doing(Doing::kNothing);
  link.own.slots->arrive();
  if (link.parent.slots != nullptr) {
    link.parent.slots->finish_use(link.parent.number(tile.source));
  }
}

StoreEngine::StoreEngine(const sc_core::sc_module_name& name, std::string label, Arbiter& arbiter,
                         Station station)
    : Engine(name, std::move(label), 8 * static_cast<std::uint64_t>(station.level) + kRoles),
      arbiter_(arbiter),
      station_(station) {}

void StoreEngine::execute(Job& job, Part& part) {
  const Link& link = link_of(part, station_);
  if (link.position == 0) {
    return;
  }
  for (std::size_t i = 0; i < tiles_of(part, link).size(); ++i) {
    store(job, part, i);
  }
}

void StoreEngine::store(Job& job, Part& part, std::size_t i) {
  const Link& link = link_of(part, station_);
  const TileSequence& tiles = tiles_of(part, link);
  const Load& load = *tiles[i].load;
  const auto number = static_cast<std::size_t>(link.own.number(static_cast<std::int64_t>(i)));
  now_at(part, i);
  now_doing(Doing::kLastUse);
  link.own.slots->await_unused(number);
  const Ticks asked = now();
  if (link.parent.slots != nullptr) {
    now_doing(Doing::kAbove);
    link.parent.slots->await_arrival(link.parent.number(tiles[i].destination));
  }
  hold_back();
  const std::int64_t accumulated = accumulates_above(load) ? load.port_reads : 0;
  Ticks start = now();
  Grant grant;
  if (load.port_drains > 0 || load.port_updates > 0) {
    Transfer transfer(part.first_step + tiles[i].last_step, link.own.level, link.role);
    transfer.called("store", part.number, i);
    // Nothing waits for it but the tile that will take its slot.
    const std::size_t successor = i + static_cast<std::size_t>(link.own.slots->slots());
    transfer.needed_by(part.first_step +
                       (successor < tiles.size() ? tiles[successor].step : tiles.back().last_step + 1));
    const PortWork& work = work_of(part, link, i);
    transfer.read_from(*link.own.ports, work.own_read);
    transfer.write_to(*link.parent.ports, work.parent_write);
    transfer.read_from(*link.parent.ports, bits(link.parent, accumulated));
    if (meets_outer(job, link)) {
      beside(arbiter_, std::move(transfer), grant, [&] {
        job.outer->read_sums(i);
        job.values->store(link.position, i);
        job.outer->store(i);
      });
    } else {
      move(arbiter_, std::move(transfer), grant);
    }
    start = grant.start;
  }
  hold_back();
  // The model's last stores follow the last MAC, wait for nothing else and read nothing.
  job.ramp_out_interference |=
      i + 1 == tiles.size() && (accumulated > 0 || start > link.own.slots->unused_at(number));
  done(part, std::max(tiles[i].step, tiles[i].last_step));
  count_store(job, link, load);
  if (job.values != nullptr && !meets_outer(job, link)) {
    job.values->store(link.position, i);
  }
  record(job, part, link, i, true, asked, grant);
  now_doing(Doing::kNothing);
  link.own.slots->free();
  if (link.parent.slots != nullptr) {
    link.parent.slots->finish_use(link.parent.number(tiles[i].destination));
  } else {
    job.window->stored(part.first_step + std::max(tiles[i].step, tiles[i].last_step));
  }
}

}  // namespace weft::sim
