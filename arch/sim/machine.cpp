// See machine.hpp: what the machine consists of.
// SPDX-License-Identifier: Apache-2.0
#include "arch/sim/machine.hpp"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

namespace weft::sim {

Machine::Machine(const sc_core::sc_module_name& name, Accelerator accelerator, const Options& options)
    : sc_module(name),
      accelerator_(std::move(accelerator)),
      options_(options),
      arbiter_("arbiter", options.max_jitter_cycles, options.seed),
      window_(accelerator_.controller.tiles_in_flight),
      cache_start_(options.warm_caches ? CacheStart::kWarm : CacheStart::kEmpty) {
  for (int level = 0; level < accelerator_.depth(); ++level) {
    build_level(level);
  }
  build_engines();
  if (options.detail == Options::Detail::kRows) {
    build_rows();
  }
  reasons_ = std::make_unique<Reasons>(make_reasons());
}

void Machine::build_level(int level) {
  const StorageLevel& spec = accelerator_.levels[static_cast<std::size_t>(level)];
  std::vector<MemoryPorts>& ports = ports_.emplace_back();
  for (int port = 0; port < spec.ports(); ++port) {
    ports.emplace_back(spec.port_name(port), spec.bandwidths(port));
  }
  wires_.emplace_back(spec.fanout, "");
  for (const Role role : kAllRoles) {
    const Memory* memory = spec.memory_for(role);
    auto& slots = slots_[static_cast<std::size_t>(index_of(role))].emplace_back();
    if (level > 0 && memory != nullptr) {
      const auto freed_by =
          role == Role::kOutputs ? TileSlots::FreedBy::kStore : TileSlots::FreedBy::kLastUse;
      slots = std::make_unique<TileSlots>(fmt::format("{} in {}", name_of(role), spec.name),
                                          slots_of(*memory), freed_by);
    }
  }
}

void Machine::build_engines() {
  storers_.resize(accelerator_.levels.size());
  for (const Role role : kAllRoles) {
    loaders_[static_cast<std::size_t>(index_of(role))].resize(accelerator_.levels.size());
    for (int level = 1; level < accelerator_.depth(); ++level) {
      if (slots(role, level) != nullptr) {
        build_movers(role, level);
      }
    }
  }
  array_ = std::make_unique<Array>("array", arbiter_, accelerator_.controller.commands);
  all_.push_back(array_.get());
  const VectorUnit& unit = accelerator_.vector_unit;
  const StorageLevel& home = accelerator_.levels[static_cast<std::size_t>(unit.level)];
  const auto port = static_cast<std::size_t>(std::max(0, home.port_index(Role::kOutputs)));
  vector_ = std::make_unique<VectorEngine>("vector_unit", arbiter_, unit,
                                           ports_[static_cast<std::size_t>(unit.level)][port]);
  all_.push_back(vector_.get());
}

void Machine::build_movers(Role role, int level) {
  const auto l = static_cast<std::size_t>(level);
  const auto tensor = name_of(role);
  const std::string& where = accelerator_.levels[l].name;
  auto& loader = loaders_[static_cast<std::size_t>(index_of(role))][l];
  loader = std::make_unique<LoadEngine>(fmt::format("load_{}_{}", tensor, level).c_str(),
                                        fmt::format("loads {} into {}", tensor, where), arbiter_,
                                        station(role, level));
  all_.push_back(loader.get());
  if (role == Role::kOutputs) {
    storers_[l] = std::make_unique<StoreEngine>(fmt::format("store_{}_{}", tensor, level).c_str(),
                                                fmt::format("stores {} from {}", tensor, where), arbiter_,
                                                station(role, level));
    all_.push_back(storers_[l].get());
  }
}

Station Machine::station(Role role, int level, std::size_t row) {
  Station station{role, level, {}, row};
  const StorageLevel& spec = accelerator_.levels[static_cast<std::size_t>(level)];
  for (const Role other : kAllRoles) {
    if (spec.memory_index(other) == spec.memory_index(role)) {
      station.memory[static_cast<std::size_t>(index_of(other))] = slots(other, level, row);
    }
  }
  return station;
}

Reasons Machine::make_reasons() const {
  Lines lines;
  for (std::size_t r = 0; r < kRoles; ++r) {
    for (const auto& loader : loaders_[r]) {
      lines.loads[r].push_back(loader ? &loader->timeline() : nullptr);
    }
  }
  for (const auto& storer : storers_) {
    lines.stores.push_back(storer ? &storer->timeline() : nullptr);
  }
  lines.vector_unit = &vector_->timeline();
  for (const LevelWires& wires : wires_) {
    for (const auto* port : {&wires.down, &wires.up}) {
      if (*port) {
        lines.wires.push_back(&(*port)->name());
      }
    }
  }
  return Reasons(std::move(lines));
}

TileSlots* Machine::slots(Role role, int level, std::size_t row) {
  if (row > 0 && own(level)) {
    return rows_[row - 1]
        .slots[static_cast<std::size_t>(index_of(role))][static_cast<std::size_t>(level)]
        .get();
  }
  return slots_[static_cast<std::size_t>(index_of(role))][static_cast<std::size_t>(level)].get();
}

}  // namespace weft::sim
