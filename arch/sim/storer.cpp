// The engines that store outputs: see mover.hpp.
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <utility>

#include "arch/sim/mover.hpp"
#include "arch/sim/moving.hpp"

namespace weft::sim {

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
    const TileBanks banks = part.banks.tile(link.role, link.position, i);
    transfer.read_from(*link.own.ports, work.own_read * share, banks_of(link.own, banks.own_read));
    transfer.write_to(*link.parent.ports, work.parent_write * share,
                      banks_of(link.parent, banks.parent_write));
    transfer.read_from(*link.parent.ports, bits(link.parent, accumulated) * share,
                       banks_of(link.parent, banks.parent_read));
    take_wires(transfer, part, link.parent, work.up * share, Way::kUp);
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
  const TileBanks banks = part.banks.tile(link.role, link.position, i);
  Transfer transfer = transfer_of(part, i);
  for (const std::size_t row : meeting.rows()) {
    const Link& other = part.links_of(row)[at(link.role)][static_cast<std::size_t>(station_.level)];
    const double words = multiple(part, link, i, row);
    transfer.read_from(*other.own.ports, work.own_read * words, banks_of(other.own, banks.own_read));
    take_wires(transfer, part, other.parent, work.up * words, Way::kUp, Whose::kOwn);
  }
  transfer.write_to(*link.parent.ports, work.parent_write * share, banks_of(link.parent, banks.parent_write));
  transfer.read_from(*link.parent.ports,
                     bits(link.parent, accumulates_above(load) ? load.port_reads : 0) * share,
                     banks_of(link.parent, banks.parent_read));
  take_wires(transfer, part, link.parent, work.up * share, Way::kUp, Whose::kShared);
  move(arbiter_, std::move(transfer), grant);
  meeting.over();
}

}  // namespace weft::sim
