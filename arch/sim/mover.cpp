// The engines that load: see mover.hpp.
// SPDX-License-Identifier: Apache-2.0
#include "arch/sim/mover.hpp"

#include <algorithm>
#include <utility>

#include "arch/sim/moving.hpp"

namespace weft::sim {

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
  if (work.parent_read <= 0 && work.own_write <= 0 && work.down <= 0) {
    return;
  }
  if (crosses_rows(part, link)) {
    deliver(part, i, grant);
    return;
  }
  Transfer transfer = transfer_of(part, i);
  const double share = multiple(part, link, i, station_.row);
  const TileBanks banks = part.banks.tile(link.role, link.position, i);
  transfer.read_from(*link.parent.ports, work.parent_read * share, banks_of(link.parent, banks.parent_read));
  transfer.write_to(*link.own.ports, work.own_write * share, banks_of(link.own, banks.own_write));
  take_wires(transfer, part, link.parent, work.down * share, Way::kDown);
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
    const double share = part.rows->load_share(link.role, link.position, i, station_.row);
    const TileBanks banks = part.banks.tile(link.role, link.position, i);
    transfer.read_from(*link.parent.ports, work.parent_read * share,
                       banks_of(link.parent, banks.parent_read));
    take_wires(transfer, part, link.parent, work.down * share, Way::kDown, Whose::kShared);
    for (const std::size_t row : meeting.rows()) {
      const Link& other = part.links_of(row)[at(link.role)][static_cast<std::size_t>(station_.level)];
      const double words = multiple(part, link, i, row);
      transfer.write_to(*other.own.ports, work.own_write * words, banks_of(other.own, banks.own_write));
      take_wires(transfer, part, other.parent, work.down * words, Way::kDown, Whose::kOwn);
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

}  // namespace weft::sim
