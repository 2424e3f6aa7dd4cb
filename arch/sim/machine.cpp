// See machine.hpp.
// SPDX-License-Identifier: Apache-2.0
#include "arch/sim/machine.hpp"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "base/error.hpp"

namespace weft::sim {

Machine::Machine(const sc_core::sc_module_name& name, Accelerator accelerator, const Options& options)
    : sc_module(name),
      accelerator_(std::move(accelerator)),
      arbiter_("arbiter", options.max_jitter_cycles, options.seed),
      window_(accelerator_.controller.tiles_in_flight),
      cache_start_(options.warm_caches ? CacheStart::kWarm : CacheStart::kEmpty) {
  for (int level = 0; level < accelerator_.depth(); ++level) {
    build_level(level);
  }
  build_engines();
}

void Machine::build_level(int level) {
  const StorageLevel& spec = accelerator_.levels[static_cast<std::size_t>(level)];
  std::vector<MemoryPorts>& ports = ports_.emplace_back();
  for (const Memory& memory : spec.memories) {
    ports.emplace_back(memory);
  }
  for (const Role role : kAllRoles) {
    const Memory* memory = spec.memory_for(role);
    auto& slots = slots_[static_cast<std::size_t>(index_of(role))].emplace_back();
    if (level > 0 && memory != nullptr) {
      const auto freed_by =
          role == Role::kOutputs ? TileSlots::FreedBy::kStore : TileSlots::FreedBy::kLastUse;
      slots = std::make_unique<TileSlots>(fmt::format("{} in {}", name_of(role), spec.name),
                                          memory->buffering == Buffering::kSingle ? 1 : 2, freed_by);
    }
  }
}

void Machine::build_engines() {
  storers_.resize(accelerator_.levels.size());
  for (std::size_t r = 0; r < kRoles; ++r) {
    loaders_[r].resize(accelerator_.levels.size());
    for (std::size_t level = 1; level < accelerator_.levels.size(); ++level) {
      if (slots_[r][level] == nullptr) {
        continue;
      }
      const auto tensor = name_of(kAllRoles[r]);
      const std::string& where = accelerator_.levels[level].name;
      loaders_[r][level] =
          std::make_unique<LoadEngine>(fmt::format("load_{}_{}", tensor, level).c_str(),
                                       fmt::format("loads {} into {}", tensor, where), arbiter_);
      all_.push_back(loaders_[r][level].get());
      if (kAllRoles[r] == Role::kOutputs) {
        storers_[level] =
            std::make_unique<StoreEngine>(fmt::format("store_{}_{}", tensor, level).c_str(),
                                          fmt::format("stores {} from {}", tensor, where), arbiter_);
        all_.push_back(storers_[level].get());
      }
    }
  }
  array_ = std::make_unique<Array>("array", arbiter_, accelerator_.controller.commands);
  all_.push_back(array_.get());
  const VectorUnit& unit = accelerator_.vector_unit;
  const StorageLevel& home = accelerator_.levels[static_cast<std::size_t>(unit.level)];
  const auto memory = static_cast<std::size_t>(std::max(0, home.memory_index(Role::kOutputs)));
  vector_ = std::make_unique<VectorEngine>("vector_unit", arbiter_, unit,
                                           ports_[static_cast<std::size_t>(unit.level)][memory]);
}

Place Machine::place(const Problem& problem, Role role, int level) {
  const auto l = static_cast<std::size_t>(level);
  const auto memory = static_cast<std::size_t>(accelerator_.levels[l].memory_index(role));
  const int bits = stored_bits(accelerator_.levels[l].memories[memory], problem, role);
  return {level, bits, &ports_[l][memory], slots(role, level)};
}

TileSlots* Machine::slots(Role role, int level) {
  return slots_[static_cast<std::size_t>(index_of(role))][static_cast<std::size_t>(level)].get();
}

void Machine::connect(const Job& job, Values* values) {
  for (const Role role : kAllRoles) {
    const auto r = static_cast<std::size_t>(index_of(role));
    for (int level = 1; level < accelerator_.depth(); ++level) {
      const auto l = static_cast<std::size_t>(level);
      const auto& keepers = job.program->keepers[r];
      const auto at = std::find(keepers.begin(), keepers.end(), level);
      if (loaders_[r][l] == nullptr) {
        continue;
      }
      Link link;
      link.role = role;
      const TileSequence* tiles = nullptr;
      std::function<void(std::size_t)> on_free;
      if (at != keepers.end()) {
        link.position = static_cast<std::size_t>(at - keepers.begin());
        link.own = place(job.program->problem, role, level);
        link.parent = place(job.program->problem, role, *(at - 1));
        tiles = &job.tiles.at[r][link.position];
        if (values != nullptr && role != Role::kOutputs) {
          on_free = [values, role, position = link.position](std::size_t i) {
            values->drop(role, position, i);
          };
        }
      }
      slots_[r][l]->reset(tiles, std::move(on_free));
      loaders_[r][l]->link = link;
      if (role == Role::kOutputs) {
        storers_[l]->link = link;
      }
    }
    array_->sources[r] = place(job.program->problem, role, job.program->keepers[r].back());
  }
}

Result Machine::run(const Program& program, const Operands* operands) {
  const std::string reason = misfit(program, accelerator_);
  WEFT_ENSURE(reason.empty(), "the program does not fit the machine: " + reason);
  Job job;
  job.program = &program;
  job.tiles = tile_table(program);
  job.work = port_work(program, job.tiles, accelerator_, cache_start_);
  window_.reset(program, job.tiles);
  job.window = &window_;
  job.result.levels.resize(accelerator_.levels.size());
  std::optional<Values> values;
  if (operands != nullptr) {
    values.emplace(program, job.tiles, operands->weights, operands->inputs);
    job.values = &*values;
  }
  connect(job, job.values);
  go(job, all_);
  fill_result(job);
  if (values) {
    job.result.outputs = values->take_outputs();
  }
  return std::move(job.result);
}

std::int64_t Machine::run_vector(const Simulator::VectorWork& work) {
  Job job;
  job.vector_work = work;
  go(job, {vector_.get()});
  return whole_cycles(job.end - job.begin);
}

void Machine::go(Job& job, const std::vector<Engine*>& engines) {
  WEFT_ENSURE(!stuck_, "the machine got stuck in an earlier program and cannot run another");
  for (auto& level : ports_) {
    for (MemoryPorts& memory : level) {
      for (auto* port : {&memory.read, &memory.write, &memory.shared}) {
        if (*port) {
          (*port)->reset();
        }
      }
    }
  }
  arbiter_.reset();
  job.begin = job.end = now();
  for (Engine* engine : engines) {
    engine->start(job);
  }
  sc_core::sc_start();
  const bool finished =
      std::all_of(engines.begin(), engines.end(), [](const Engine* e) { return e->finished(); });
  stuck_ = !finished;
  if (job.failure) {
    std::rethrow_exception(job.failure);
  }
  WEFT_ENSURE(finished, "deadlock:\n" + states());
}

void Machine::fill_result(Job& job) {
  Result& result = job.result;
  const Ticks end = std::max(job.end, job.lagged);
  // What lies before the farthest instance's first MAC and after its last one; that it is nearer in the last
  // step shortens the ramp out first.
  const Ticks behind = std::min(ticks_of(job.program->skew_in), end - job.ramp_out_begin);
  result.cycles = whole_cycles(end - job.begin);
  result.stalls.computing = cycles_of(job.computing);
  result.stalls.commands = cycles_of(job.commands);
  result.cache_lines = job.work.lines;
  result.cache_misses = job.work.misses;
  result.stalls.ramp_in = cycles_of(job.ramp_in + behind);
  result.stalls.operand_bandwidth = cycles_of(job.operand_bandwidth);
  result.stalls.ramp_out = cycles_of(end - job.ramp_out_begin - behind);
  for (std::size_t r = 0; r < kRoles; ++r) {
    result.stalls.waiting_for[r] = cycles_of(job.waiting_for[r]);
  }
  const bool nearer = end != job.end + ticks_of(job.program->skew_in + job.program->skew_out);
  result.ramp_interference = arbiter_.ramp_interference() || job.ramp_out_interference || nearer;
  for (std::size_t level = 0; level < ports_.size(); ++level) {
    for (const MemoryPorts& memory : ports_[level]) {
      for (const auto* port : {&memory.read, &memory.write, &memory.shared}) {
        if (*port) {
          result.levels[level].busy_cycles =
              std::max(result.levels[level].busy_cycles, cycles_of((*port)->busy()));
        }
      }
    }
  }
}

std::string Machine::states() const {
  std::string text = window_.state();
  for (const Engine* engine : all_) {
    text += engine->state() + '\n';
  }
  for (const auto& levels : slots_) {
    for (const auto& slots : levels) {
      if (slots != nullptr) {
        text += slots->state() + '\n';
      }
    }
  }
  return text;
}

}  // namespace weft::sim
