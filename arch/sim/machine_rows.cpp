// Row mode: the machine's parts that every row of the array has of its own (machine.hpp). The first row is
// the machine itself. SPDX-License-Identifier: Apache-2.0
#include <utility>

#include <fmt/format.h>

#include "arch/sim/machine.hpp"

namespace weft::sim {

namespace {

int outermost_with_rows(const Accelerator& accelerator) {
  for (int level = 0; level < accelerator.depth(); ++level) {
    if (accelerator.levels[static_cast<std::size_t>(level)].fanout.y > 1) {
      return level;
    }
  }
  return accelerator.depth() - 1;  // a single row
}

}  // namespace

void Machine::build_rows() {
  row_level_ = outermost_with_rows(accelerator_);
  const std::int64_t rows = accelerator_.levels[static_cast<std::size_t>(*row_level_)].fanout.y;
  rows_.resize(static_cast<std::size_t>(rows - 1));
  for (std::size_t row = 1; row <= rows_.size(); ++row) {
    Row& own_row = rows_[row - 1];
    own_row.ports.resize(accelerator_.levels.size());
    own_row.wires.resize(accelerator_.levels.size(), LevelWires({}, ""));
    for (auto& levels : own_row.slots) {
      levels.resize(accelerator_.levels.size());
    }
    const std::string suffix = fmt::format(", row {}", row);
    for (int level = *row_level_ + 1; level < accelerator_.depth(); ++level) {
      const auto l = static_cast<std::size_t>(level);
      const StorageLevel& spec = accelerator_.levels[l];
      for (int port = 0; port < spec.ports(); ++port) {
        own_row.ports[l].emplace_back(spec.port_name(port) + suffix, spec.bandwidths(port));
      }
      own_row.wires[l] = LevelWires(spec.fanout, suffix);
      for (const Role role : kAllRoles) {
        const Memory* memory = spec.memory_for(role);
        if (memory != nullptr) {
          own_row.slots[static_cast<std::size_t>(index_of(role))][l] = std::make_unique<TileSlots>(
              fmt::format("{} in {}{}", name_of(role), spec.name, suffix), slots_of(*memory),
              role == Role::kOutputs ? TileSlots::FreedBy::kStore : TileSlots::FreedBy::kLastUse);
        }
      }
    }
  }
  for (std::size_t row = 1; row <= rows_.size(); ++row) {
    build_row_engines(row);
  }
}

void Machine::build_row_engines(std::size_t row) {
  std::vector<std::unique_ptr<Engine>>& engines = rows_[row - 1].engines;
  for (const Role role : kAllRoles) {
    for (int level = *row_level_ + 1; level < accelerator_.depth(); ++level) {
      if (slots(role, level, row) == nullptr) {
        continue;
      }
      const auto tensor = name_of(role);
      const std::string& where = accelerator_.levels[static_cast<std::size_t>(level)].name;
      engines.push_back(std::make_unique<LoadEngine>(
          fmt::format("load_{}_{}_row_{}", tensor, level, row).c_str(),
          fmt::format("loads {} into {}, row {}", tensor, where, row), arbiter_, station(role, level, row)));
      if (role == Role::kOutputs) {
        engines.push_back(
            std::make_unique<StoreEngine>(fmt::format("store_{}_{}_row_{}", tensor, level, row).c_str(),
                                          fmt::format("stores {} from {}, row {}", tensor, where, row),
                                          arbiter_, station(role, level, row)));
      }
    }
  }
  engines.push_back(std::make_unique<Array>(fmt::format("row_{}", row).c_str(), arbiter_, std::nullopt, row));
  for (const auto& engine : engines) {
    all_.insert(all_.end() - 1, engine.get());  // the vector unit stays last
  }
}

MemoryPorts& Machine::ports(int level, std::size_t port, std::size_t row) {
  auto& levels = row > 0 && own(level) ? rows_[row - 1].ports : ports_;
  return levels[static_cast<std::size_t>(level)][port];
}

LevelWires& Machine::wires(int level, std::size_t row) {
  auto& levels = row > 0 && own(level) ? rows_[row - 1].wires : wires_;
  return levels[static_cast<std::size_t>(level)];
}

void Machine::link_rows(Part& part) {
  for (std::size_t row = 1; part.rows != nullptr && row < part.rows->rows(); ++row) {
    part.row_links.push_back(part.links);
    part.row_sources.push_back(part.sources);
    const auto to_row = [&](Role role, Place& place) {
      for (Wire& wire : place.wires) {
        wire.down = &*wires(wire.level, row).down;
        wire.up = wires(wire.level, row).upwards();
      }
      if (!own(place.level)) {
        return;
      }
      const int port = accelerator_.levels[static_cast<std::size_t>(place.level)].port_index(role);
      place.ports = &ports(place.level, static_cast<std::size_t>(port), row);
      place.slots = slots(role, place.level, row);
      place.row = row;
    };
    for (const Role role : kAllRoles) {
      const auto r = static_cast<std::size_t>(index_of(role));
      for (Link& link : part.row_links.back()[r]) {
        if (link.position > 0) {
          to_row(role, link.own);
          to_row(role, link.parent);
          if (own(link.own.level)) {
            link.own.slots->append(part.tiles.at[r][link.position]);
          }
        }
      }
      to_row(role, part.row_sources.back()[r]);
    }
  }
}

}  // namespace weft::sim
