// See mover.hpp.
// SPDX-License-Identifier: Apache-2.0
#include "arch/sim/mover.hpp"

#include <algorithm>
#include <utility>

namespace weft::sim {

namespace {

const Link& link_of(const Part& part, const Station& station) {
  return part.links_of(station.row)[at(station.role)][static_cast<std::size_t>(station.level)];
}

const TileSequence& tiles_of(const Part& part, const Link& link) {
  return part.tiles.at[at(link.role)][link.position];
}

const PortWork& work_of(const Part& part, const Link& link, std::size_t i) {
  return part.work.at[at(link.role)][link.position][i];
}

// Of the random streams of one row's engines.
constexpr std::uint64_t kNumbersPerRow = 1024;

// Do the tiles of this link go between what rows share and a row's own memory?
bool crosses_rows(const Part& part, const Link& link) {
  return part.rows != nullptr && part.rows->own(link.own.level) && !part.rows->own(link.parent.level);
}

// Words of the row's tile, as a multiple of the first instance's.
double multiple(const Part& part, const Link& link, std::size_t i, std::size_t row) {
  return part.rows != nullptr && part.rows->own(link.own.level)
             ? part.rows->multiple(link.role, link.position, i, row)
             : 1;
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
    : Engine(name, std::move(label),
             kNumbersPerRow * station.row + 8 * static_cast<std::uint64_t>(station.level) + at(station.role)),
      arbiter_(arbiter),
      station_(station) {}

void LoadEngine::execute(Job& job, Part& part) {
  if (!part.uses(station_.row) || link_of(part, station_).position == 0) {
    return;
  }
  const Link& link = link_of(part, station_);
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
  if (tile.after >= 0) {
    link.own.slots->await_freed(link.own.number(tile.after) + 1);
  }
  hold_back();
  Grant grant;
  move_tile(job, part, i, grant);
  hold_back();
  if (station_.row == 0) {
    count_load(job, link, *tile.load);
    record(job, part, link, i, false, asked, grant);
  }
  if (job.values != nullptr) {
    job.values->load(link.role, link.position, i);
  }
  now_doing(Doing::kNothing);
  link.own.slots->arrive(ticks_of(work_of(part, link, i).latency));
  if (link.parent.slots != nullptr) {
    link.parent.slots->finish_use(link.parent.number(tile.source));
  }
}

void LoadEngine::move_tile(Job& job, Part& part, std::size_t i, Grant& grant) {
  const Link& link = link_of(part, station_);
  const PortWork& work = work_of(part, link, i);
  if (work.parent_read <= 0 && work.own_write <= 0) {
    return;
  }
  if (crosses_rows(part, link)) {
    deliver(part, i, grant);
    return;
  }
  Transfer transfer = transfer_of(part, i);
  const double share = multiple(part, link, i, station_.row);
  transfer.read_from(*link.parent.ports, work.parent_read * share);
  transfer.write_to(*link.own.ports, work.own_write * share);
  if (meets_outer(job, link)) {
    beside(arbiter_, std::move(transfer), grant, [&] { job.outer->load(link.role, i); });
  } else {
    move(arbiter_, std::move(transfer), grant);
  }
}

Transfer LoadEngine::transfer_of(const Part& part, std::size_t i) const {
  const Link& link = link_of(part, station_);
  const std::int64_t step = part.first_step + tiles_of(part, link)[i].step;
  Transfer transfer(step, link.own.level, link.role, step == 0 ? Phase::kRampIn : Phase::kSteady);
  transfer.called("load", part.number, i);
  return transfer;
}

void LoadEngine::deliver(Part& part, std::size_t i, Grant& grant) {
  const Link& link = link_of(part, station_);
  Meeting& meeting = part.rows->loading(link.role, station_.row);
  if (meeting.join()) {
    const PortWork& work = work_of(part, link, i);
    Transfer transfer = transfer_of(part, i);
    transfer.read_from(*link.parent.ports,
                       work.parent_read * part.rows->load_share(link.role, link.position, i, station_.row));
    for (const std::size_t row : meeting.rows()) {
      const Link& other = part.links_of(row)[at(link.role)][static_cast<std::size_t>(station_.level)];
      transfer.write_to(*other.own.ports, work.own_write * multiple(part, link, i, row));
    }
    move(arbiter_, std::move(transfer), grant);
    meeting.over();
  } else {
    now_doing(Doing::kPorts);
    meeting.await_over();
  }
  const auto place = std::find(meeting.rows().begin(), meeting.rows().end(), station_.row);
  now_doing(Doing::kMoving);
  wait(duration(part.rows->hops(link.role, static_cast<std::size_t>(place - meeting.rows().begin()))));
}

StoreEngine::StoreEngine(const sc_core::sc_module_name& name, std::string label, Arbiter& arbiter,
                         Station station)
    : Engine(name, std::move(label),
             kNumbersPerRow * station.row + 8 * static_cast<std::uint64_t>(station.level) + kRoles),
      arbiter_(arbiter),
      station_(station) {}

void StoreEngine::execute(Job& job, Part& part) {
  if (!part.uses(station_.row) || link_of(part, station_).position == 0) {
    return;
  }
  const Link& link = link_of(part, station_);
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
  if ((load.port_drains > 0 || load.port_updates > 0) && crosses_rows(part, link)) {
    collect(part, i, grant);
  } else if (load.port_drains > 0 || load.port_updates > 0) {
    Transfer transfer = transfer_of(part, i);
    const PortWork& work = work_of(part, link, i);
    const double share = multiple(part, link, i, station_.row);
    transfer.read_from(*link.own.ports, work.own_read * share);
    transfer.write_to(*link.parent.ports, work.parent_write * share);
    transfer.read_from(*link.parent.ports, bits(link.parent, accumulated) * share);
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
  // Rows one after the other have done what they all add to when the last of them has.
  const bool behind_rows = part.rows != nullptr && part.rows->pace() == RowWork::Pace::kChained;
  done(part, std::max(tiles[i].step, tiles[i].last_step),
       behind_rows ? ticks_of(static_cast<std::int64_t>(part.rows->rows()) - 1) : 0);
  if (station_.row == 0) {
    count_store(job, link, load);
    record(job, part, link, i, true, asked, grant);
  }
  if (job.values != nullptr && !meets_outer(job, link)) {
    job.values->store(link.position, i);
  }
  now_doing(Doing::kNothing);
  link.own.slots->free();
  if (link.parent.slots != nullptr) {
    link.parent.slots->finish_use(link.parent.number(tiles[i].destination));
  } else if (!crosses_rows(part, link) || part.rows->all_stored(i)) {
    job.window->stored(part.first_step + std::max(tiles[i].step, tiles[i].last_step));
  }
}

Transfer StoreEngine::transfer_of(const Part& part, std::size_t i) const {
  const Link& link = link_of(part, station_);
  const TileSequence& tiles = tiles_of(part, link);
  Transfer transfer(part.first_step + tiles[i].last_step, link.own.level, link.role);
  transfer.called("store", part.number, i);
  // Nothing waits for it but the tile that will take its slot.
  const std::size_t successor = i + static_cast<std::size_t>(link.own.slots->slots());
  transfer.needed_by(part.first_step +
                     (successor < tiles.size() ? tiles[successor].step : tiles.back().last_step + 1));
  return transfer;
}

void StoreEngine::collect(Part& part, std::size_t i, Grant& grant) {
  const Link& link = link_of(part, station_);
  Meeting& meeting = part.rows->storing(station_.row);
  if (!meeting.join()) {
    now_doing(Doing::kPorts);
    meeting.await_over();
    grant.start = now();
    return;
  }
  const PortWork& work = work_of(part, link, i);
  const Load& load = *tiles_of(part, link)[i].load;
  const double share = part.rows->store_share(link.position, i, station_.row);
  Transfer transfer = transfer_of(part, i);
  for (const std::size_t row : meeting.rows()) {
    const Link& other = part.links_of(row)[at(link.role)][static_cast<std::size_t>(station_.level)];
    transfer.read_from(*other.own.ports, work.own_read * multiple(part, link, i, row));
  }
  transfer.write_to(*link.parent.ports, work.parent_write * share);
  transfer.read_from(*link.parent.ports,
                     bits(link.parent, accumulates_above(load) ? load.port_reads : 0) * share);
  move(arbiter_, std::move(transfer), grant);
  meeting.over();
}

}  // namespace weft::sim
