// From laws to the costs of one machine: capacity, width, technology and wire lengths go in here.
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>

#include <fmt/format.h>

#include "arch/spec/layer_machine.hpp"
#include "base/error.hpp"
#include "energy_model/area.hpp"
#include "energy_model/table.hpp"

namespace weft {
namespace {

constexpr int kHeadroomBits = 16;  // sums of up to 65536 products

std::string size_text(double bits) {
  return std::isfinite(bits) ? to_string(Bits(static_cast<std::int64_t>(bits))) : "any";
}

class Builder {
 public:
  Builder(const Accelerator& accelerator, const EnergyTable& table, const Problem& problem)
      : accelerator_(accelerator), table_(table), laws_(table.laws()), problem_(problem) {
    if (laws_.process) {
      const Process here{accelerator.technology.count(), accelerator.voltage.count(), laws_.process->devices};
      logic_ = energy_factor(*laws_.process, here);
      volts_ = here.volts / laws_.process->volts;
      if (!in_scaling_range(here)) {
        warn(fmt::format("{} at {} is outside the range of technology scaling",
                         to_string(accelerator.technology), to_string(accelerator.voltage)));
      }
    }
  }

  CostModel run() {
    const MachineArea areas = machine_area(accelerator_, table_);
    for (std::size_t l = 0; l < accelerator_.levels.size(); ++l) {
      const StorageLevel& level = accelerator_.levels[l];
      std::vector<MemoryCosts> costs;
      for (std::size_t m = 0; m < level.memories.size(); ++m) {
        costs.push_back(memory_costs(level.memories[m], areas.memories[l][m]));
      }
      model_.memories.push_back(std::move(costs));
      network_costs(built_fanout(accelerator_, static_cast<int>(l)), areas.instance[l + 1]);
    }
    compute_costs(areas.compute);
    return std::move(model_);
  }

 private:
  void warn(std::string text) {
    if (std::find(model_.warnings.begin(), model_.warnings.end(), text) == model_.warnings.end()) {
      model_.warnings.push_back(std::move(text));
    }
  }

  double use(const Law& law, double size, const std::string& what) {
    if (!law.holds(size)) {
      warn(fmt::format("{}: {} is outside the range of its law ({} to {})", what, size_text(size),
                       size_text(law.low), size_text(law.high)));
    }
    return law.at(size);
  }

  // pJ per bit of one access, by the laws.
  double law_per_bit(const Memory& memory, bool write) {
    if (memory.kind == MemoryKind::kDram) {
      const std::string& type = memory.dram_type.empty() ? laws_.default_dram : memory.dram_type;
      const auto law = laws_.dram.find(type);
      if (law == laws_.dram.end()) {
        throw ConfigError({}, "unknown-name",
                          fmt::format("energy table '{}' knows no DRAM type '{}'", table_.name(), type),
                          dram_hint());
      }
      return law->second.at(1);
    }
    const bool regfile = memory.kind == MemoryKind::kRegfile;
    const Law& law = regfile ? (write ? laws_.regfile_write : laws_.regfile_read)
                             : (write ? laws_.sram_write : laws_.sram_read);
    if (!memory.capacity) {
      warn(memory.name + ": unbounded; charged as the largest memory of its law");
    }
    const double largest = std::isfinite(law.high) ? law.high : 1;
    const double size = memory.capacity ? static_cast<double>(memory.capacity->count()) : largest;
    return use(law, size, memory.name) * logic_;
  }

  std::string dram_hint() const {
    std::string known;
    for (const auto& [name, law] : laws_.dram) {
      known += (known.empty() ? "known: " : ", ") + name;
    }
    return known;
  }

  double law_leak(const Memory& memory) const {
    if (memory.kind == MemoryKind::kDram || !memory.capacity) {
      return 0;
    }
    const Law& law = memory.kind == MemoryKind::kRegfile ? laws_.regfile_leak : laws_.sram_leak;
    const auto bits = static_cast<double>(memory.capacity->count());
    return law.at(bits) * bits * volts_ * nanoseconds_per_cycle();
  }

  double nanoseconds_per_cycle() const { return 1e9 / accelerator_.clock.count(); }

  MemoryCosts memory_costs(const Memory& memory, double area) {
    const StatedEnergy& stated = memory.energy;
    const auto width = static_cast<double>(memory.width.count());
    MemoryCosts costs;
    costs.read = stated.read ? stated.read->count() : law_per_bit(memory, false) * width;
    costs.write = stated.write ? stated.write->count() : law_per_bit(memory, true) * width;
    costs.update = stated.update ? stated.update->count() : costs.write;
    costs.drain = stated.drain ? stated.drain->count() : costs.read;
    costs.leak = stated.leak ? stated.leak->count() : law_leak(memory);
    costs.area_um2 = area;
    for (const Role role : kAllRoles) {
      const auto r = static_cast<std::size_t>(index_of(role));
      const std::int64_t bits = stored_bits(memory, problem_, role);
      costs.block_words[r] = std::max<std::int64_t>(1, memory.width.count() / bits);
      if (memory.holds[r] && bits > memory.width.count()) {
        warn(fmt::format("{}: a word of {} ({} b) is wider than an access ({}), charged as one", memory.name,
                         name_of(role), bits, to_string(memory.width)));
      }
    }
    return costs;
  }

  // pJ to carry one bit one um. The capacitance of a wire hardly depends on the node; energy goes with the
  // square of the voltage.
  double bit_micron() const { return laws_.wire.at(1) * volts_ * volts_ * 1e-3; }

  // A hop leads from one instance below to its neighbour. A word sent crosses half of the array on average,
  // in both directions; each receiver of a shared word is one hop from another. A systolic word enters at the
  // edge.
  void network_costs(const FanOut& fanout, const Box& child) {
    const Reach reach = reach_of(fanout, child);
    PerRole<double> per_word{};
    PerRole<double> per_send{};
    for (const Role role : kAllRoles) {
      const auto r = static_cast<std::size_t>(index_of(role));
      const double bits = problem_.tensor(role).bits;
      const NetworkKind kind = fanout.network[r];
      if (fanout.energy_per_word) {
        per_word[r] = fanout.energy_per_word->count();
      } else if (fanout.size() > 1 && laws_.wire_per_hop) {
        per_word[r] = laws_.wire.at(1) * bits;
      } else if (fanout.size() > 1) {
        per_word[r] = kind == NetworkKind::kUnicast ? 0 : bit_micron() * bits * reach.hop;
        per_send[r] = kind == NetworkKind::kSystolic ? 0 : bit_micron() * bits * reach.half;
      }
    }
    model_.network_per_word.push_back(per_word);
    model_.network_per_send.push_back(per_send);
  }

  // The bits of an operand that switch: a fused unit works in pieces of bricks.
  [[nodiscard]] int law_bits(int own, Role role) const {
    const int bits = problem_.tensor(role).bits;
    const Precision& precision = accelerator_.compute.precision;
    return precision.mode == PrecisionMode::kFused && bits <= own
               ? own / std::max(1, own / std::max(bits, precision.brick_bits))
               : bits;
  }

  void compute_costs(double area) {
    const Compute& compute = accelerator_.compute;
    const int weight_bits = law_bits(compute.weight_bits, Role::kWeights);
    const int input_bits = law_bits(compute.input_bits, Role::kInputs);
    if (compute.energy) {
      model_.mac = compute.energy->count() * stated_energy_share(compute, problem_);
    } else {
      // Operands narrower than the unit switch only part of it.
      const int sum_bits = std::min(compute.output_bits, weight_bits + input_bits + kHeadroomBits);
      model_.mac =
          logic_ * compute.precision.energy_factor *
          (use(laws_.multiply, std::sqrt(static_cast<double>(weight_bits) * input_bits), "multiply") +
           use(laws_.add, sum_bits, "add"));
    }
    model_.gated_mac = compute.zeros.gate ? model_.mac * compute.zeros.gate->energy_share : 0;
    model_.compute_leak = compute.leak ? compute.leak->count()
                                       : laws_.logic_leak.at(1) * area * volts_ * nanoseconds_per_cycle();
    const VectorUnit& unit = accelerator_.vector_unit;
    model_.vector_op = unit.energy ? unit.energy->count() : laws_.vector_op.at(1) * logic_;
    model_.compute_area_um2 = area;
  }

  const Accelerator& accelerator_;
  const EnergyTable& table_;
  const EnergyTable::Laws& laws_;
  const Problem& problem_;
  double logic_ = 1;  // energy of logic and SRAM here over that of the table
  double volts_ = 1;
  CostModel model_;
};

}  // namespace

CostModel make_cost_model(const Accelerator& accelerator, const EnergyTable& table, const Problem& problem) {
  return Builder(accelerator, table, problem).run();
}

}  // namespace weft
