// See array.hpp.
// SPDX-License-Identifier: Apache-2.0
#include "arch/sim/array.hpp"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "arch/sim/reasons.hpp"

namespace weft::sim {

namespace {

// Does step `s` begin with new weights next to the array?
bool brings_weights(const Program& program, std::size_t s) {
  constexpr auto kWeights = static_cast<std::size_t>(index_of(Role::kWeights));
  const int level = program.keepers[kWeights].back();
  return s < program.steps.size() &&
         std::any_of(program.steps[s].loads.begin(), program.steps[s].loads.end(),
                     [&](const Load& load) { return load.role == Role::kWeights && load.level == level; });
}

}  // namespace

Array::Array(const sc_core::sc_module_name& name, Arbiter& arbiter, const std::optional<Commands>& commands,
             std::size_t row)
    : Engine(name, row == 0 ? "computes" : fmt::format("row {} computes", row), 1024 * row + 7),
      arbiter_(arbiter),
      row_(row) {
  if (commands && row == 0) {
    commands_.emplace(*commands);
  }
}

void Array::execute(Job& job, Part& part) {
  if (!part.uses(row_)) {
    return;
  }
  tile_.fill(-1);
  if (commands_) {
    commands_->reset();
  }
  if (first_row()) {
    job.reasons->follow(part.program->keepers);
  }
  clear_ = part.number == 0 ? 0 : clear_;
  for (std::size_t s = 0; s < part.program->steps.size(); ++s) {
    do_step(job, part, s);
  }
}

void Array::do_step(Job& job, Part& part, std::size_t s) {
  const auto step = static_cast<std::int64_t>(s);
  now_at(part, s);
  await_tiles(job, part, s);
  const Ticks here = now();
  await_begin(part, s);
  const Ticks ready = now();
  hold_back();
  if (first_row()) {
    job.operand_bandwidth += ready - here;  // what streams past all rows waits for the last of them
    job.reasons->add({.stall = Reason::Stall::kOperands}, here, ready);
    job.held_back += now() - ready;
    job.reasons->add({.stall = Reason::Stall::kHeldBack}, ready, now());
    job.settled = now();
  }
  compute(job, part, s);
  await_end(part, s);
  if (first_row()) {
    job.last_mac = now();
  }
  if (s + 1 == part.program->steps.size()) {
    await_last_results(part);
  }
  now_doing(Doing::kNothing);
  const bool chained = part.rows != nullptr && part.rows->pace() == RowWork::Pace::kChained;
  done(part, step, chained ? ticks_of(static_cast<std::int64_t>(row_)) : 0);
  release_tiles(part, s);
  if (part.rows == nullptr || part.rows->all_ended(s)) {
    job.window->computed(part.first_step + step);
  }
}

void Array::await_begin(Part& part, std::size_t s) {
  if (part.rows == nullptr) {
    return;
  }
  now_doing(Doing::kOperands);
  if (part.rows->pace() == RowWork::Pace::kTogether) {
    Meeting& meeting = part.rows->starting();
    if (meeting.join()) {
      meeting.over();
    } else {
      meeting.await_over();
    }
  } else if (part.rows->pace() == RowWork::Pace::kChained) {
    if (!first_row()) {
      const Ticks from = part.rows->await_begin(s, row_ - 1) + ticks_of(1);
      wait(duration(std::max(from, now()) - now()));
    }
    const auto ahead = first_row() ? part.rows->wave_ahead(s) : std::nullopt;
    if (ahead && *ahead < s) {
      (void)part.rows->await_begin(*ahead, part.rows->rows() - 1);
    }
  }
  part.rows->begin(s, row_);
}

void Array::await_end(Part& part, std::size_t s) {
  if (part.rows == nullptr) {
    return;
  }
  if (part.rows->pace() != RowWork::Pace::kOwn && !first_row()) {
    now_doing(Doing::kOperands);
    const bool chained = part.rows->pace() == RowWork::Pace::kChained;
    const Ticks until =
        part.rows->await_end_of_first(s) + ticks_of(chained ? static_cast<std::int64_t>(row_) : 0);
    wait(duration(std::max(until, now()) - now()));
  }
  part.rows->end(s, row_);
}

// Those of commands, at the end of the skew; the run adds it.
void Array::await_last_results(const Part& part) {
  const Program& program = *part.program;
  clear_ = now() + ticks_of(std::max<std::int64_t>(0, program.skew_in - program.steps.back().nearer));
  if (commands_) {
    const Ticks out = now() + ticks_of(part.program->skew_out);
    now_doing(Doing::kResults);
    wait(duration(std::max(out, commands_->drained()) - out));
  }
}

void Array::await_tiles(Job& job, const Part& part, std::size_t s) {
  static constexpr PerRole<Doing> kTile = {Doing::kWeightTile, Doing::kInputTile, Doing::kOutputTile};
  // Nothing was done since the last MAC but waiting for the last results of a part.
  const Ticks idle_from = job.last_mac;
  std::size_t last = 0;
  Ticks arrival = 0;
  for (std::size_t r = 0; r < kRoles; ++r) {
    const TileSequence& tiles = part.tiles.at[r].back();
    while (tile_[r] + 1 < static_cast<std::int64_t>(tiles.size()) &&
           tiles[static_cast<std::size_t>(tile_[r] + 1)].step <= static_cast<std::int64_t>(s)) {
      ++tile_[r];
    }
    if (tile_[r] >= 0 && touches(part, kAllRoles[r])) {
      const Place& source = part.sources_of(row_)[r];
      now_doing(kTile[r]);
      source.slots->await_arrival(source.number(tile_[r]));
      if (source.slots->arrived_at(source.number(tile_[r])) > arrival) {
        arrival = source.slots->arrived_at(source.number(tile_[r]));
        last = r;
      }
    }
  }
  if (!first_row()) {
    return;
  }
  const auto stall = s == 0 ? Reason::Stall::kRampIn : Reason::Stall::kWaiting;
  job.reasons->missing_tile(stall, kAllRoles[last], idle_from, now());
  if (s == 0) {
    await_predecessors(job, part);
    job.ramp_in += now() - idle_from;
  } else {
    job.waiting_for[last] += now() - idle_from;
  }
}

void Array::await_predecessors(Job& job, const Part& part) {
  const Ticks from = now();
  now_doing(Doing::kPredecessor);
  for (const std::size_t before : part.piece.after) {
    job.sequence->await_over(before);
  }
  // The farthest instance is done with the last program when this one's data get there.
  const Ticks reach = now() + ticks_of(part.program->skew_in);
  wait(duration(std::max(reach, clear_) - reach));
  job.reasons->predecessor(Reason::Stall::kRampIn, from, now());
}

void Array::compute(Job& job, const Part& part, std::size_t s) {
  const Step& step = part.program->steps[s];
  Grants grants;
  request_operands(part, s, grants);
  do_macs(job, part, s);
  await_operands(job, part, grants);
  if (first_row()) {
    count(job, step);
  }
  if (job.values != nullptr) {
    job.values->compute(step);
  }
}

void Array::do_macs(Job& job, const Part& part, std::size_t s) {
  if (!first_row()) {
    now_doing(Doing::kMacs);
    wait(duration(part.rows->cycles(s, row_)));
    return;
  }
  const Step& step = part.program->steps[s];
  const Ticks begin = now();
  const Ticks busy =
      ticks_of(part.zeros && !part.zeros->cycles.empty() ? part.zeros->cycles[s] : step.cycles);
  Ticks taken = busy;
  if (commands_) {
    taken = commands_->run(step, brings_weights(*part.program, s + 1), begin) - begin;
  }
  now_doing(Doing::kMacs);
  wait(duration(taken));
  line().was(Doing::kMacs, begin + busy);
  line().was(Doing::kCommands, begin + taken);
  job.computing += busy;
  job.commands += taken - busy;
  job.reasons->add({.stall = Reason::Stall::kCommands}, begin + busy, begin + taken);
}

}  // namespace weft::sim
