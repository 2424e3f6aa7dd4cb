// How the machine runs a program or a network, and what it says about it.
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "arch/sim/machine.hpp"
#include "base/error.hpp"

namespace weft::sim {

template <class F>
void Machine::for_each_port(const F& f) {
  const auto of = [&](std::vector<std::vector<MemoryPorts>>& ports) {
    for (std::size_t level = 0; level < ports.size(); ++level) {
      for (MemoryPorts& memory : ports[level]) {
        for (auto* port : {&memory.read, &memory.write, &memory.shared}) {
          if (*port) {
            f(level, **port);
          }
        }
      }
    }
  };
  of(ports_);
  for (Row& row : rows_) {
    of(row.ports);
  }
}

template <class F>
void Machine::for_each_wire(const F& f) {
  const auto of = [&](std::vector<LevelWires>& levels) {
    for (LevelWires& wires : levels) {
      for (auto* port : {&wires.down, &wires.up}) {
        if (*port) {
          f(**port);
        }
      }
    }
  };
  of(wires_);
  for (Row& row : rows_) {
    of(row.wires);
  }
}

Result Machine::run(const Program& program, const Operands* operands, const Positions* positions) {
  ProgramRun run;
  prepare(run, program, operands, positions);
  go(run.job, all_);
  return finish(run);
}

void Machine::prepare(ProgramRun& run, const Program& program, const Operands* operands,
                      const Positions* positions) {
  Job& job = run.job;
  WEFT_ENSURE(!row_level_ || (operands == nullptr && positions == nullptr),
              "rows are simulated without values and zeros");
  reset(job);
  // The program outlives the run.
  const std::shared_ptr<const Program> borrowed(std::shared_ptr<const Program>(), &program);
  std::unique_ptr<Part> part = make_part(
      0,
      {.program = borrowed,
       .given = {true, true, true},
       .positions = std::shared_ptr<const Positions>(std::shared_ptr<const Positions>(), positions)},
      job);
  run.only = part.get();
  Part& only = *part;
  std::optional<Values>& values = run.values;
  if (operands != nullptr) {
    values.emplace(program, only.tiles, operands->weights, operands->inputs);
    job.values = &*values;
    for (const Role role : {Role::kWeights, Role::kInputs}) {
      for (const Link& link : only.links[static_cast<std::size_t>(index_of(role))]) {
        if (link.position > 0) {
          link.own.slots->tell(
              [&values, role, position = link.position](std::size_t i) { values->drop(role, position, i); });
        }
      }
    }
  }
  count_zeros(only, job.result);
  sequence_.reset(1, all_.size() - 1, [&](std::size_t) { return std::move(part); });
}

Result Machine::finish(ProgramRun& run) {
  fill_result(run.job, run.only);
  if (run.values) {
    run.job.result.outputs = run.values->take_outputs();
  }
  return std::move(run.job.result);
}

Result Machine::run_in_platform(ProgramRun& run, OuterMemory& memory) {
  sc_core::sc_event over;
  run.job.outer = &memory;
  run.job.over = &over;
  stuck_ = true;  // if the wait below ends with the process
  start(run.job, all_);
  sc_core::wait(over);
  stuck_ = false;
  arbiter_.finish();
  if (run.job.failure) {
    std::rethrow_exception(run.job.failure);
  }
  return finish(run);
}

void Machine::count_zeros(const Part& part, Result& result) {
  if (!part.zeros) {
    return;
  }
  result.gated += part.zeros->gated;
  result.skipped += part.zeros->skipped;
  for (std::size_t level = 0; level < result.levels.size(); ++level) {
    for (std::size_t r = 0; r < kRoles; ++r) {
      MeasuredTensor& tensor = result.levels[level].tensors[r];
      const StoredBits& bits = part.work.stored[r][level];
      tensor.stored = bits.plain > 0 ? bits.written / bits.plain : part.zeros->levels[level].stored[r];
      tensor.accesses = part.zeros->levels[level].accesses[r];
      tensor.sent_share = part.work.sent[r][level].share();
      tensor.arriving_share = part.work.arriving[r][level].share();
    }
  }
}

Result Machine::run_network(std::size_t pieces, const std::function<Piece(std::size_t)>& piece,
                            const std::optional<TraceRequest>& trace) {
  Job job;
  std::optional<Recorder> recorder;
  if (trace) {
    recorder.emplace(*trace, now());
    job.recorder = &*recorder;
  }
  WEFT_ENSURE(!row_level_, "rows are simulated program by program, not as a network");
  reset(job);
  if (pieces == 0) {
    return std::move(job.result);
  }
  sequence_.reset(pieces, all_.size() - 1,
                  [&](std::size_t number) { return make_part(number, piece(number), job); });
  go(job, all_);
  fill_result(job, nullptr);
  for (std::size_t p = 0; p < pieces; ++p) {
    job.result.layer_ends.push_back(cycles_of(sequence_.over_at(p) - job.begin));
  }
  if (recorder) {
    job.result.trace = recorder->take();
  }
  return std::move(job.result);
}

std::int64_t Machine::run_vector(const Simulator::VectorWork& work) {
  Job job;
  reset(job);
  job.sequence = nullptr;
  job.vector_work = work;
  go(job, {vector_.get()});
  return whole_cycles(job.end - job.begin);
}

void Machine::reset(Job& job) {
  WEFT_ENSURE(!stuck_, "the machine got stuck in an earlier program and cannot run another");
  job.sequence = &sequence_;
  job.window = &window_;
  job.reasons = reasons_.get();
  job.max_jitter_cycles = options_.max_jitter_cycles;
  job.seed = options_.seed;
  job.split_transfers = options_.split_transfers;
  job.begin = job.end = job.last_mac = job.settled = now();
  job.result.levels.resize(accelerator_.levels.size());
  Recorder* recorder = job.recorder;
  std::vector<Port*> ports;
  const auto reset_port = [&](Port& port) {
    ports.push_back(&port);
    port.reset(recorder != nullptr ? recorder->add_track(port.name(), TraceTrack::Kind::kPort) : -1);
  };
  for_each_port([&](std::size_t, Port& port) { reset_port(port); });
  for_each_wire(reset_port);
  const auto reset_slots = [&](auto& roles) {
    for (auto& levels : roles) {
      for (auto& store : levels) {
        if (store != nullptr) {
          store->reset(recorder,
                       recorder != nullptr ? recorder->add_counter(store->name(), store->slots()) : -1);
        }
      }
    }
  };
  reset_slots(slots_);
  for (Row& row : rows_) {
    reset_slots(row.slots);
  }
  arbiter_.reset(std::move(ports), recorder);
  window_.reset();
  reasons_->reset();
  footprints_.clear();
  for (auto& levels : tiles_before_last_) {
    levels.assign(accelerator_.levels.size(), 0);
  }
  steps_ = 0;
}

void Machine::start(Job& job, const std::vector<Engine*>& engines) {
  for (Engine* engine : engines) {
    int track = -1;
    if (job.recorder != nullptr) {
      const auto kind = engine == array_.get()    ? TraceTrack::Kind::kArray
                        : engine == vector_.get() ? TraceTrack::Kind::kVectorUnit
                                                  : TraceTrack::Kind::kMover;
      track = job.recorder->add_track(engine == array_.get() ? "array" : engine->label(), kind);
    }
    engine->start(job, track);
  }
}

void Machine::go(Job& job, const std::vector<Engine*>& engines) {
  start(job, engines);
  do {
    sc_core::sc_start();
  } while (sc_core::sc_get_status() == sc_core::SC_PAUSED && sequence_.build_wanted());
  arbiter_.finish();
  const bool finished =
      std::all_of(engines.begin(), engines.end(), [](const Engine* e) { return e->finished(); });
  stuck_ = !finished;
  if (job.failure) {
    std::rethrow_exception(job.failure);
  }
  WEFT_ENSURE(finished, "deadlock:\n" + states());
}

void Machine::fill_result(Job& job, const Part* only) {
  Result& result = job.result;
  Ticks end = std::max(job.end, sequence_.over_at(sequence_.size() - 1));
  // What lies before the farthest instance's first MAC and after its last one; that it is nearer in the last
  // step shortens the ramp out first.
  Ticks behind = 0;
  bool nearer = false;
  if (only != nullptr) {
    const Program& program = *only->program;
    behind = std::min(ticks_of(program.skew_in), end - job.last_mac);
    nearer = end != job.end + ticks_of(program.skew_in + program.skew_out);
  }
  const Ticks total = end - job.begin;
  result.cycles = whole_cycles(total);
  result.exact_cycles = cycles_of(total);
  Stalls& stalls = result.stalls;
  stalls.computing = cycles_of(job.computing);
  stalls.commands = cycles_of(job.commands);
  stalls.ramp_in = cycles_of(job.ramp_in + behind);
  stalls.operand_bandwidth = cycles_of(job.operand_bandwidth);
  stalls.held_back = cycles_of(job.held_back);
  stalls.ramp_out = cycles_of(end - job.last_mac - behind);
  for (std::size_t r = 0; r < kRoles; ++r) {
    stalls.waiting_for[r] = cycles_of(job.waiting_for[r]);
  }
  Reason hops{.stall = Reason::Stall::kRampIn, .why = Reason::Why::kHops};
  job.reasons->add(hops, job.last_mac, job.last_mac + behind);
  job.reasons->add({.stall = Reason::Stall::kRampOut, .role = Role::kOutputs, .store = true},
                   job.last_mac + behind, end);
  stalls.reasons = job.reasons->take();
  result.ramp_interference = arbiter_.ramp_interference() || job.ramp_out_interference || nearer;
  for_each_port([&](std::size_t level, const Port& port) {
    double& busy = result.levels[level].busy_cycles;
    busy = std::max(busy, cycles_of(port.busy()));
  });
  fill_components(job, total);
}

}  // namespace weft::sim
