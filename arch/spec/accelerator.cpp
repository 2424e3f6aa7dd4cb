// Small questions about an accelerator that need no file: names, who holds what, how many instances.
// SPDX-License-Identifier: Apache-2.0
#include "arch/spec/accelerator.hpp"

#include <algorithm>
#include <cstddef>

#include "base/checked.hpp"
#include "base/error.hpp"

namespace weft {

std::string_view name_of(MemoryKind kind) {
  switch (kind) {
    case MemoryKind::kDram:
      return "dram";
    case MemoryKind::kSram:
      return "sram";
    case MemoryKind::kRegfile:
      return "regfile";
  }
  return "";
}

std::string_view name_of(Buffering buffering) {
  switch (buffering) {
    case Buffering::kSingle:
      return "single";
    case Buffering::kDouble:
      return "double";
    case Buffering::kBuffet:
      return "buffet";
  }
  return "";
}

std::string_view name_of(NetworkKind kind) {
  switch (kind) {
    case NetworkKind::kUnicast:
      return "unicast";
    case NetworkKind::kMulticast:
      return "multicast";
    case NetworkKind::kSystolic:
      return "systolic";
    case NetworkKind::kReducing:
      return "reducing";
  }
  return "";
}

int stored_bits(const Memory& memory, const Problem& problem, Role role) {
  const int bits = role == Role::kOutputs && memory.accumulator_width
                       ? static_cast<int>(memory.accumulator_width->count())
                       : problem.tensor(role).bits;
  const auto granule = memory.granule ? static_cast<int>(memory.granule->count()) : 1;
  return (bits + granule - 1) / granule * granule;
}

bool states_mechanisms(const Accelerator& accelerator) {
  const auto stated = [](const Memory& memory) {
    return memory.requests || memory.cache || memory.fetch != Fetch::kChanges ||
           memory.latency != Cycles{0} || memory.banking;
  };
  return accelerator.controller != Controller{} || accelerator.compute.accumulate_cycles != 0 ||
         std::any_of(accelerator.levels.begin(), accelerator.levels.end(), [&](const StorageLevel& level) {
           return level.fanout.links || std::any_of(level.memories.begin(), level.memories.end(), stated);
         });
}

int StorageLevel::memory_index(Role role) const {
  for (std::size_t i = 0; i < memories.size(); ++i) {
    if (memories[i].holds[static_cast<std::size_t>(index_of(role))]) {
      return static_cast<int>(i);
    }
  }
  return -1;
}

const Memory* StorageLevel::memory_for(Role role) const {
  const int index = memory_index(role);
  return index < 0 ? nullptr : &memories[static_cast<std::size_t>(index)];
}

namespace {

// Calls visit(memory, role) for each set of ports of a single tensor; it returns true to stop.
template <class Visit>
void own_ports(const StorageLevel& level, const Visit& visit) {
  for (const Memory& memory : level.memories) {
    for (const Role role : kAllRoles) {
      if (memory.ports[static_cast<std::size_t>(index_of(role))] && visit(memory, role)) {
        return;
      }
    }
  }
}

}  // namespace

int StorageLevel::ports() const {
  auto count = static_cast<int>(memories.size());
  own_ports(*this, [&](const Memory&, Role) {
    ++count;
    return false;
  });
  return count;
}

int StorageLevel::port_index(Role role) const {
  const Memory* home = memory_for(role);
  if (home == nullptr || !home->ports[static_cast<std::size_t>(index_of(role))]) {
    return memory_index(role);
  }
  auto port = static_cast<int>(memories.size());
  own_ports(*this, [&](const Memory& memory, Role other) {
    const bool found = &memory == home && other == role;
    port += found ? 0 : 1;
    return found;
  });
  return port;
}

Bandwidths StorageLevel::bandwidths(int port) const {
  auto left = port - static_cast<int>(memories.size());
  if (left < 0) {
    const Memory& memory = memories[static_cast<std::size_t>(port)];
    return {memory.read_bandwidth, memory.write_bandwidth, memory.shared_bandwidth};
  }
  Bandwidths result;
  own_ports(*this, [&](const Memory& memory, Role role) {
    result = *memory.ports[static_cast<std::size_t>(index_of(role))];
    return left-- == 0;
  });
  return result;
}

std::string StorageLevel::port_name(int port) const {
  auto left = port - static_cast<int>(memories.size());
  if (left < 0) {
    return memories[static_cast<std::size_t>(port)].name;
  }
  std::string result;
  own_ports(*this, [&](const Memory& memory, Role role) {
    result = memory.name + " " + std::string(name_of(role));
    return left-- == 0;
  });
  return result;
}

std::int64_t Accelerator::instances(int level) const {
  WEFT_ENSURE(level >= 0 && level <= depth(), "no such level");
  std::int64_t result = 1;
  for (int above = 0; above < level; ++above) {
    result = checked_mul(result, levels[static_cast<std::size_t>(above)].fanout.size());
  }
  return result;
}

}  // namespace weft
