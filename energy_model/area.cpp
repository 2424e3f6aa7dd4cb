// Area of what stands on the floor: memories by the bit and by what their ports move, compute units by the
// widths of operands; scaled.
// SPDX-License-Identifier: Apache-2.0
#include "energy_model/area.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <string>

#include "arch/spec/layer_machine.hpp"
#include "energy_model/table.hpp"

namespace weft {
namespace {

// What a reference table states for the component, else what the law says at the accelerator's node.
double area_of(const std::string& name, const EnergyTable::Laws& laws, double by_law) {
  const auto stated = laws.stated_areas.find(name);
  return stated == laws.stated_areas.end() ? by_law : stated->second;
}

double bits_of(const std::optional<BitsPerCycle>& bandwidth) {
  return bandwidth ? bandwidth->count() : 0;
}

// Bits a memory can move in a cycle beyond one access of its width, which its area per bit has in it. Reads
// and writes that do not share a port have one each; several banks have the width of a port each, used or
// not.
double further_port_bits(const Memory& memory) {
  const auto moved = [](const auto& read, const auto& write, const auto& shared) {
    return shared ? bits_of(shared) : bits_of(read) + bits_of(write);
  };
  double bits = moved(memory.read_bandwidth, memory.write_bandwidth, memory.shared_bandwidth);
  for (const std::optional<Bandwidths>& own : memory.ports) {
    bits += own ? moved(own->read, own->write, own->shared) : 0;
  }
  const auto width = static_cast<double>(memory.width.count());
  return std::max(0.0, std::max(bits, memory.banks * width) - width);
}

double memory_area(const Memory& memory, const EnergyTable::Laws& laws) {
  if (memory.kind == MemoryKind::kDram || !memory.capacity) {
    return 0;
  }
  const auto bits = static_cast<double>(memory.capacity->count());
  if (memory.kind == MemoryKind::kRegfile) {
    return laws.regfile_area.at(bits) * bits;
  }
  const double ports = further_port_bits(memory);
  return laws.sram_area.at(bits) * bits + laws.port_area.at(ports) * ports;
}

double compute_area(const Compute& compute, const EnergyTable::Laws& laws) {
  const double operands = std::sqrt(static_cast<double>(compute.weight_bits) * compute.input_bits);
  return (laws.multiply_area.at(operands) + laws.add_area.at(compute.output_bits)) *
         compute.precision.area_factor;
}

// Memories of `own` um2 with an x by y grid of `child`: at the end of a single row or column, which stays as
// narrow as it is; else around the grid, as near to a square as that allows.
Box box_around(double own, const FanOut& fanout, const Box& child) {
  const double grid_width = static_cast<double>(fanout.x) * child.width;
  const double grid_height = static_cast<double>(fanout.y) * child.height;
  const double total = own + grid_width * grid_height;
  if (!(total > 0)) {
    return {};
  }
  double width = std::sqrt(total);
  if (fanout.size() > 1 && grid_height > 0) {
    const double widest = total / grid_height;
    width = fanout.x == 1   ? grid_width
            : fanout.y == 1 ? widest
                            : std::max(grid_width, std::min(width, widest));
  }
  return {width, total / width};
}

}  // namespace

MachineArea machine_area(const Accelerator& accelerator, const EnergyTable& table) {
  const EnergyTable::Laws& laws = table.laws();
  const double scale = laws.process ? area_factor(laws.process->nm, accelerator.technology.count()) : 1;
  const std::size_t depth = accelerator.levels.size();
  MachineArea result;
  result.memories.resize(depth);
  result.compute = area_of(accelerator.compute.name, laws, compute_area(accelerator.compute, laws) * scale);
  result.instance.resize(depth + 1);
  result.instance[depth] = {std::sqrt(result.compute), std::sqrt(result.compute)};
  for (std::size_t l = depth; l > 0; --l) {
    const StorageLevel& level = accelerator.levels[l - 1];
    double own = 0;
    for (const Memory& memory : level.memories) {
      result.memories[l - 1].push_back(area_of(memory.name, laws, memory_area(memory, laws) * scale));
      own += result.memories[l - 1].back();
    }
    result.instance[l - 1] =
        box_around(own, built_fanout(accelerator, static_cast<int>(l) - 1), result.instance[l]);
  }
  return result;
}

Reach reach_of(const FanOut& fanout, const Box& child) {
  const double columns = static_cast<double>(fanout.x - 1) * child.width;
  const double rows = static_cast<double>(fanout.y - 1) * child.height;
  const double hop = fanout.x == 1   ? child.height
                     : fanout.y == 1 ? child.width
                                     : (child.width + child.height) / 2;
  return {.hop = hop, .half = (columns + rows) / 2};
}

}  // namespace weft
