// Area, part by part: what stands on the floor (area.cpp), the networks between it, what drives the memories,
// the vector unit and the clock. Each part is a count times what a law gives for one, scaled.
// SPDX-License-Identifier: Apache-2.0
#include <bit>
#include <cmath>
#include <cstddef>
#include <string>
#include <utility>

#include <fmt/format.h>

#include "arch/spec/layer_machine.hpp"
#include "energy_model/area.hpp"
#include "energy_model/explain.hpp"
#include "energy_model/table.hpp"

namespace weft {
namespace {

constexpr int kVectorMultiplier = 16,
              kVectorAdder = 32;  // bits, as the energy of a vector operation has them

enum class Share : std::uint8_t { kMemory, kNetwork, kCompute, kVectorUnit, kControl, kClock };

struct Part {
  Share share = Share::kMemory;
  std::size_t level = 0;
  AreaPart part;
};

// Bits that number the accesses of a memory.
int address_bits(const Memory& memory) {
  const std::int64_t accesses = memory.capacity->count() / memory.width.count();
  return accesses > 1 ? static_cast<int>(std::bit_width(static_cast<std::uint64_t>(accesses - 1))) : 0;
}

bool on_chip(const Memory& memory) {
  return memory.kind != MemoryKind::kDram && memory.capacity.has_value();
}

class Parts {
 public:
  Parts(const Accelerator& accelerator, const EnergyTable& table)
      : accelerator_(accelerator),
        laws_(table.laws()),
        areas_(machine_area(accelerator, table)),
        scale_(laws_.process ? area_factor(laws_.process->nm, accelerator.technology.count()) : 1) {}

  std::vector<Part> run() {
    for (std::size_t l = 0; l < accelerator_.levels.size(); ++l) {
      memories(l);
      networks(l);
    }
    const auto units = static_cast<double>(accelerator_.compute_units());
    add(Share::kCompute,
        {.component = accelerator_.compute.name,
         .what = "units",
         .count = units,
         .each_um2 = areas_.compute,
         .source = stated(accelerator_.compute.name)
                       ? kStated
                       : scaled(laws_.multiply_area.source + " + " + laws_.add_area.source)});
    vector_unit();
    if (register_bits_ > 0) {
      law(Share::kClock, "clock", "network to bits of registers", register_bits_, laws_.clock_area,
          register_bits_);
    }
    return std::move(parts_);
  }

 private:
  static constexpr const char* kStated = "stated by the reference table";

  [[nodiscard]] std::string scaled(const std::string& source) const {
    return scale_ == 1 ? source
                       : fmt::format("{}; scaled from {:g} nm to {}", source, laws_.process->nm,
                                     to_string(accelerator_.technology));
  }
  [[nodiscard]] bool stated(const std::string& name) const { return laws_.stated_areas.count(name) > 0; }

  void add(Share share, AreaPart part, std::size_t level = 0) {
    part.total_um2 = part.count * part.each_um2;
    if (part.total_um2 > 0) {
      parts_.push_back({share, level, std::move(part)});
    }
  }

  // `count` times the law at `size`, scaled; a wire's only in its pitch, as lengths are scaled already.
  void law(Share share, std::string component, std::string what, double count, const Law& law, double size,
           std::size_t level = 0, bool wire = false) {
    const bool sized = law.form != Law::Form::kConstant;
    add(share,
        {.component = std::move(component),
         .what = std::move(what),
         .count = count,
         .each_um2 = law.at(size) * (wire ? std::sqrt(scale_) : scale_),
         .source = scaled(law.source),
         .range = sized ? fmt::format("{:g} b to {:g} b, here {:g} b{}", law.low, law.high, size,
                                      law.holds(size) ? "" : ": outside")
                        : ""},
        level);
  }

  void memories(std::size_t l) {
    const auto instances = static_cast<double>(accelerator_.instances(static_cast<int>(l)));
    const std::vector<Memory>& memories = accelerator_.levels[l].memories;
    for (std::size_t m = 0; m < memories.size(); ++m) {
      const Memory& memory = memories[m];
      const bool regfile = memory.kind == MemoryKind::kRegfile;
      const Law& bits = regfile ? laws_.regfile_area : laws_.sram_area;
      add(Share::kMemory,
          {.component = memory.name,
           .what = regfile ? "register files" : "memories with their ports",
           .count = instances,
           .each_um2 = areas_.memories[l][m],
           .source = stated(memory.name) ? kStated
                     : regfile || laws_.port_area.source.empty()
                         ? scaled(bits.source)
                         : scaled(bits.source + " + " + laws_.port_area.source)},
          l);
      if (!on_chip(memory) || stated(memory.name)) {
        continue;
      }
      if (const int address = address_bits(memory); address > 0) {
        law(Share::kControl, memory.name, "control, bits of addresses", instances * address,
            laws_.control_area, address);
      }
      register_bits_ += regfile ? instances * static_cast<double>(memory.capacity->count()) : 0;
    }
  }

  // A word's width to each instance below, from its neighbour: wires that words share, whoever they are for.
  // A systolic word passes a register at each instance; sums meet in adders.
  void networks(std::size_t l) {
    const FanOut fanout = built_fanout(accelerator_, static_cast<int>(l));
    if (fanout.size() == 1) {
      return;
    }
    const auto parents = static_cast<double>(accelerator_.instances(static_cast<int>(l)));
    if (const auto own = laws_.stated_areas.find(fanout.name); own != laws_.stated_areas.end()) {
      add(Share::kNetwork,
          {.component = fanout.name,
           .what = "networks",
           .count = parents,
           .each_um2 = own->second,
           .source = kStated},
          l);
      return;
    }
    const auto receivers = parents * static_cast<double>(fanout.size());
    const double millimetres = reach_of(fanout, areas_.instance[l + 1]).hop * 1e-3;
    const Compute& compute = accelerator_.compute;
    const PerRole<int> widths = {compute.weight_bits, compute.input_bits, compute.output_bits};
    for (const Role role : kAllRoles) {
      const NetworkKind kind = fanout.network[at(role)];
      const double bits = receivers * widths[at(role)];
      const std::string of = fmt::format(" of {}", name_of(role));
      law(Share::kNetwork, fanout.name, "wires" + of + ", bit mm", bits * millimetres, laws_.wire_area, 1, l,
          true);
      if (kind == NetworkKind::kSystolic) {
        law(Share::kNetwork, fanout.name, "registers" + of + ", bits", bits, laws_.regfile_area,
            widths[at(role)], l);
        register_bits_ += bits;
      } else if (kind == NetworkKind::kReducing) {
        law(Share::kNetwork, fanout.name, "adders" + of, receivers - parents, laws_.add_area,
            widths[at(role)], l);
      }
    }
  }

  void vector_unit() {
    const VectorUnit& unit = accelerator_.vector_unit;
    const auto lanes = static_cast<double>(unit.lanes);
    law(Share::kVectorUnit, "vector unit", "multipliers", lanes, laws_.multiply_area, kVectorMultiplier);
    law(Share::kVectorUnit, "vector unit", "adders", lanes, laws_.add_area, kVectorAdder);
    law(Share::kVectorUnit, "vector unit", "comparators that rank", static_cast<double>(unit.ranking),
        laws_.add_area, kVectorAdder);
  }

  const Accelerator& accelerator_;
  const EnergyTable::Laws& laws_;
  MachineArea areas_;
  double scale_;
  double register_bits_ = 0;
  std::vector<Part> parts_;
};

}  // namespace

std::vector<AreaPart> explain_area(const Accelerator& accelerator, const EnergyTable& table) {
  std::vector<AreaPart> parts;
  for (Part& part : Parts(accelerator, table).run()) {
    parts.push_back(std::move(part.part));
  }
  return parts;
}

AreaReport area(const Accelerator& accelerator, const EnergyTable& table) {
  AreaReport report;
  report.levels.resize(accelerator.levels.size());
  report.networks.resize(accelerator.levels.size());
  for (const Part& part : Parts(accelerator, table).run()) {
    double& sum = part.share == Share::kMemory       ? report.levels[part.level]
                  : part.share == Share::kNetwork    ? report.networks[part.level]
                  : part.share == Share::kCompute    ? report.compute
                  : part.share == Share::kVectorUnit ? report.vector_unit
                  : part.share == Share::kControl    ? report.control
                                                     : report.clock;
    sum += part.part.total_um2;
    report.total += part.part.total_um2;
  }
  return report;
}

}  // namespace weft
