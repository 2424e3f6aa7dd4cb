// See array.hpp.
// SPDX-License-Identifier: Apache-2.0
#include "arch/sim/array.hpp"

#include <algorithm>
#include <utility>

namespace weft::sim {

namespace {

const TileSequence& innermost_tiles(const Job& job, std::size_t r) {
  return job.tiles.at[r].back();
}

// Does step `s` begin with new weights next to the array?
bool brings_weights(const Program& program, std::size_t s) {
  constexpr auto kWeights = static_cast<std::size_t>(index_of(Role::kWeights));
  const int level = program.keepers[kWeights].back();
  return s < program.steps.size() &&
         std::any_of(program.steps[s].loads.begin(), program.steps[s].loads.end(),
                     [&](const Load& load) { return load.role == Role::kWeights && load.level == level; });
}

}  // namespace

Array::Array(const sc_core::sc_module_name& name, Arbiter& arbiter, const std::optional<Commands>& commands)
    : Engine(name, "computes"), arbiter_(arbiter) {
  if (commands) {
    commands_.emplace(*commands);
  }
}

void Array::execute(Job& job) {
  const Program& program = *job.program;
  tile_.fill(-1);
  if (commands_) {
    commands_->reset();
  }
  for (std::size_t s = 0; s < program.steps.size(); ++s) {
    await_tiles(job, s);
    if (s == 0) {
      job.ramp_in = now() - job.begin;
    }
    compute(job, s);
    job.ramp_out_begin = now();
    if (s + 1 == program.steps.size() && commands_) {
      // Their results, at the end of the skew; the run adds it.
      const Ticks out = now() + ticks_of(program.skew_out);
      wait(duration(std::max(out, commands_->drained()) - out));
    }
    job.done(static_cast<std::int64_t>(s));
    release_tiles(job, s);
    job.window->computed(static_cast<std::int64_t>(s));
  }
}

void Array::await_tiles(Job& job, std::size_t s) {
  static constexpr PerRole<const char*> kTile = {"its tile of weights", "its tile of inputs",
                                                 "its tile of outputs"};
  const Ticks idle_from = now();
  std::size_t last = 0;
  Ticks arrival = 0;
  for (std::size_t r = 0; r < kRoles; ++r) {
    const TileSequence& tiles = innermost_tiles(job, r);
    while (tile_[r] + 1 < static_cast<std::int64_t>(tiles.size()) &&
           tiles[static_cast<std::size_t>(tile_[r] + 1)].step <= static_cast<std::int64_t>(s)) {
      ++tile_[r];
    }
    if (tile_[r] >= 0) {
      note(s, kTile[r]);
      sources[r].slots->await_arrival(tile_[r]);
      if (sources[r].slots->arrived_at(tile_[r]) > arrival) {
        arrival = sources[r].slots->arrived_at(tile_[r]);
        last = r;
      }
    }
  }
  if (s > 0) {
    job.waiting_for[last] += now() - idle_from;
  }
}

void Array::compute(Job& job, std::size_t s) {
  const Step& step = job.program->steps[s];
  PerRole<Grant> grants;
  request_operands(job, s, grants);
  note(s, "its MACs");
  do_macs(job, s);
  const Ticks computed = now();
  note(s, "its operands' ports");
  for (const Grant& grant : grants) {
    arbiter_.await(grant);
  }
  job.operand_bandwidth += now() - computed;
  count(job, step);
  if (job.values != nullptr) {
    job.values->compute(step);
  }
}

void Array::do_macs(Job& job, std::size_t s) {
  const Step& step = job.program->steps[s];
  const Ticks busy = ticks_of(step.cycles);
  Ticks taken = busy;
  if (commands_) {
    taken = commands_->run(step, brings_weights(*job.program, s + 1), now()) - now();
  }
  wait(duration(taken));
  job.computing += busy;
  job.commands += taken - busy;
}

void Array::request_operands(const Job& job, std::size_t s, PerRole<Grant>& grants) {
  const Step& step = job.program->steps[s];
  for (const Role role : kAllRoles) {
    const auto r = static_cast<std::size_t>(index_of(role));
    const Operand& operand = step.operands[r];
    if (operand.port_reads == 0 && operand.port_updates == 0) {
      grants[r].given = true;
      continue;
    }
    const double bits = sources[r].word_bits;
    Transfer transfer(static_cast<std::int64_t>(s), sources[r].level, role);
    transfer.read_from(*sources[r].ports, static_cast<double>(operand.port_reads) * bits);
    transfer.write_to(*sources[r].ports, static_cast<double>(operand.port_updates) * bits);
    arbiter_.request(std::move(transfer), grants[r]);
  }
}

void Array::release_tiles(const Job& job, std::size_t s) {
  for (std::size_t r = 0; r < kRoles; ++r) {
    if (tile_[r] >= 0) {
      const Tile& tile = innermost_tiles(job, r)[static_cast<std::size_t>(tile_[r])];
      if (tile.last_step == static_cast<std::int64_t>(s)) {
        sources[r].slots->finish_use(tile_[r]);
      }
    }
  }
}

void Array::count(Job& job, const Step& step) const {
  job.result.macs += step.macs;
  for (std::size_t r = 0; r < kRoles; ++r) {
    const Operand& operand = step.operands[r];
    MeasuredTensor& measured = job.result.levels[static_cast<std::size_t>(operand.level)].tensors[r];
    measured.reads += operand.reads;
    measured.updates += operand.updates;
    measured.delivered += operand.delivered;
    measured.read_back += operand.read_back;
    measured.sent +=
        r == static_cast<std::size_t>(index_of(Role::kOutputs)) ? operand.updates : operand.reads;
  }
}

}  // namespace weft::sim
