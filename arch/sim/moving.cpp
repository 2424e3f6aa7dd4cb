// See moving.hpp.
// SPDX-License-Identifier: Apache-2.0
#include "arch/sim/moving.hpp"

namespace weft::sim {

namespace {

MeasuredTensor& measured(Job& job, const Place& place, Role role) {
  return job.result.levels[static_cast<std::size_t>(place.level)].tensors[at(role)];
}

}  // namespace

const Link& link_of(const Part& part, const Station& station) {
  return part.links_of(station.row)[at(station.role)][static_cast<std::size_t>(station.level)];
}

const TileSequence& tiles_of(const Part& part, const Link& link) {
  return part.tiles.at[at(link.role)][link.position];
}

const PortWork& work_of(const Part& part, const Link& link, std::size_t i) {
  return part.work.at[at(link.role)][link.position][i];
}

bool crosses_rows(const Part& part, const Link& link) {
  return part.rows != nullptr && part.rows->own(link.own.level) && !part.rows->own(link.parent.level);
}

double multiple(const Part& part, const Link& link, std::size_t i, std::size_t row) {
  return part.rows != nullptr && part.rows->own(link.own.level)
             ? part.rows->multiple(link.role, link.position, i, row)
             : 1;
}

double bits(const Place& place, std::int64_t words) {
  return static_cast<double>(words) * place.word_bits;
}

bool accumulates_above(const Load& load) {
  return load.role == Role::kOutputs && load.fills == 0;
}

bool meets_outer(const Job& job, const Link& link) {
  return job.outer != nullptr && link.parent.level == 0;
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

void take_wires(Transfer& transfer, const Part& part, const Place& above, double bits, Way way, Whose whose) {
  for (const Wire& wire : above.wires) {
    const bool own = part.rows != nullptr && part.rows->own(wire.level);
    if (whose == Whose::kAll || own == (whose == Whose::kOwn)) {
      transfer.take(way == Way::kDown ? *wire.down : *wire.up, bits * wire.share);
    }
  }
}

}  // namespace weft::sim
