// SPDX-License-Identifier: Apache-2.0
#include "energy_model/explain.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include <fmt/format.h>

#include "base/checked.hpp"
#include "energy_model/table.hpp"

namespace weft {
namespace {

std::string size_text(double bits) {
  return std::isfinite(bits) ? to_string(Bits(static_cast<std::int64_t>(bits))) : "any";
}

class Explainer {
 public:
  Explainer(const ActionCounts& counts, const Accelerator& accelerator, const EnergyTable& table,
            const Problem& problem, std::int64_t cycles, std::string stated)
      : stated_(std::move(stated)),
        counts_(counts),
        accelerator_(accelerator),
        table_(table),
        problem_(problem),
        cycles_(static_cast<double>(cycles)),
        costs_(make_cost_model(accelerator, table, problem)) {}

  std::vector<EnergyPart> run() {
    for (std::size_t level = 0; level < accelerator_.levels.size(); ++level) {
      for (const Role role : kAllRoles) {
        add_accesses(level, role);
      }
      for (const Role role : kAllRoles) {
        add_network(level, role);
      }
      add_leak(level);
    }
    add_compute();
    return std::move(parts_);
  }

 private:
  struct Price {
    std::string source{};
    std::string range{};
  };

  void add(EnergyPart part) {
    part.total_pj = part.count * part.each_pj;
    if (part.count > 0) {
      parts_.push_back(std::move(part));
    }
  }

  // A law of the table, at a size where it depends on one.
  [[nodiscard]] Price law_price(const Law& law, double size, bool scaled) const {
    Price price{.source = law.source.empty() ? "none" : law.source};
    if (law.form != Law::Form::kConstant) {
      price.range = fmt::format("{} to {}, here {}{}", size_text(law.low), size_text(law.high),
                                size_text(size), law.holds(size) ? "" : ": outside");
    }
    const auto& process = table_.laws().process;
    if (scaled && process &&
        (process->nm != accelerator_.technology.count() || process->volts != accelerator_.voltage.count())) {
      price.source += fmt::format("; scaled from {:g} nm at {:g} V to {} at {}", process->nm, process->volts,
                                  to_string(accelerator_.technology), to_string(accelerator_.voltage));
    }
    return price;
  }

  [[nodiscard]] Price memory_price(const Memory& memory, bool write, bool stated) const {
    const EnergyTable::Laws& laws = table_.laws();
    if (stated) {
      return {.source = stated_};
    }
    if (memory.kind == MemoryKind::kDram) {
      return law_price(laws.dram.at(memory.dram_type.empty() ? laws.default_dram : memory.dram_type), 1,
                       false);
    }
    const Law& law = memory.kind == MemoryKind::kRegfile ? (write ? laws.regfile_write : laws.regfile_read)
                                                         : (write ? laws.sram_write : laws.sram_read);
    const double largest = std::isfinite(law.high) ? law.high : 1;
    return law_price(law, memory.capacity ? static_cast<double>(memory.capacity->count()) : largest, true);
  }

  void add_accesses(std::size_t level, Role role) {
    const auto r = static_cast<std::size_t>(index_of(role));
    const int index = accelerator_.levels[level].memory_index(role);
    if (index < 0) {
      return;
    }
    const Memory& memory = accelerator_.levels[level].memories[static_cast<std::size_t>(index)];
    const MemoryCosts& memory_costs = costs_.memories[level][static_cast<std::size_t>(index)];
    const AccessCosts costs = access_costs(memory_costs, counts_.levels[level].shares[r]);
    const TensorCounts& words = counts_.levels[level].tensors[r];
    const StatedEnergy& stated = memory.energy;
    const bool read = stated.read.has_value(), write = stated.write.has_value();
    const struct {
      const char* action;
      std::int64_t words;
      double each;
      bool write, stated;
    } actions[] = {{"read", words.reads, costs.read, false, read},
                   {"fill", words.fills, costs.write, true, write},
                   {"update", words.updates, costs.update, true, stated.update.has_value() || write},
                   {"drain", words.drains, costs.drain, false, stated.drain.has_value() || read}};
    const std::int64_t instances = counts_.levels[level].instances_used;
    for (const auto& a : actions) {
      const Price price = memory_price(memory, a.write, a.stated);
      const std::int64_t blocks = ceil_div(a.words, checked_mul(memory_costs.block_words[r], instances));
      add({.component = memory.name,
           .action = fmt::format("{} {}", a.action, name_of(role)),
           .count = static_cast<double>(blocks) * static_cast<double>(instances),
           .each_pj = a.each,
           .source = price.source,
           .range = price.range});
    }
  }

  // The fan-outs from `level` down to the next level that keeps the tensor.
  void add_network(std::size_t level, Role role) {
    const auto r = static_cast<std::size_t>(index_of(role));
    const NetworkCounts& words = counts_.levels[level].network[r];
    const double sent = counts_.levels[level].shares[r].sent;
    const Price wires = law_price(table_.laws().wire, 1, true);
    for (std::size_t l = level; l < accelerator_.levels.size(); ++l) {
      const FanOut& fanout = accelerator_.levels[l].fanout;
      const std::string source = fanout.energy_per_word ? stated_ : wires.source;
      if (costs_.network_per_word[l][r] > 0) {
        add({.component = fanout.name,
             .action = fmt::format("deliver {}", name_of(role)),
             .count = (static_cast<double>(words.delivered) + static_cast<double>(words.read_back)) * sent,
             .each_pj = costs_.network_per_word[l][r],
             .source = source});
      }
      if (costs_.network_per_send[l][r] > 0) {
        add({.component = fanout.name,
             .action = fmt::format("send {}", name_of(role)),
             .count = static_cast<double>(words.sent) * sent,
             .each_pj = costs_.network_per_send[l][r],
             .source = source});
      }
      if (l + 1 < accelerator_.levels.size() && counts_.levels[l + 1].tensors[r] != TensorCounts{}) {
        break;
      }
    }
  }

  void add_leak(std::size_t level) {
    for (std::size_t m = 0; m < accelerator_.levels[level].memories.size(); ++m) {
      const Memory& memory = accelerator_.levels[level].memories[m];
      const std::int64_t instances = memory.power_gating == PowerGating::kUnused
                                         ? counts_.levels[level].instances_used
                                         : accelerator_.instances(static_cast<int>(level));
      const Law& law =
          memory.kind == MemoryKind::kRegfile ? table_.laws().regfile_leak : table_.laws().sram_leak;
      const double size = memory.capacity ? static_cast<double>(memory.capacity->count()) : 1;
      const Price price = memory.energy.leak ? Price{.source = stated_} : law_price(law, size, true);
      if (costs_.memories[level][m].leak > 0) {
        add({.component = memory.name,
             .action = "leak",
             .count = cycles_ * static_cast<double>(instances),
             .each_pj = costs_.memories[level][m].leak,
             .source = price.source,
             .range = price.range});
      }
    }
  }

  void add_compute() {
    const Compute& compute = accelerator_.compute;
    const EnergyTable::Laws& laws = table_.laws();
    const int weights = problem_.tensor(Role::kWeights).bits, inputs = problem_.tensor(Role::kInputs).bits;
    Price price{.source = stated_};
    if (!compute.energy) {
      price = law_price(laws.multiply, std::sqrt(static_cast<double>(weights) * inputs), true);
      price.source += " + " + (laws.add.source.empty() ? "none" : laws.add.source);
    }
    add({.component = compute.name,
         .action = fmt::format("MAC of {} b and {} b", weights, inputs),
         .count = static_cast<double>(counts_.macs - counts_.gated - counts_.skipped),
         .each_pj = costs_.mac,
         .source = price.source,
         .range = price.range});
    add({.component = compute.name,
         .action = fmt::format("gated MAC of {} b and {} b", weights, inputs),
         .count = static_cast<double>(counts_.gated),
         .each_pj = costs_.gated_mac,
         .source = price.source});
    if (costs_.compute_leak > 0) {
      add({.component = compute.name,
           .action = "leak",
           .count = cycles_ * static_cast<double>(accelerator_.compute_units()),
           .each_pj = costs_.compute_leak,
           .source = compute.leak ? stated_ : law_price(laws.logic_leak, 1, true).source});
    }
  }

  std::string stated_;
  const ActionCounts& counts_;
  const Accelerator& accelerator_;
  const EnergyTable& table_;
  const Problem& problem_;
  double cycles_;
  CostModel costs_;
  std::vector<EnergyPart> parts_;
};

}  // namespace

std::vector<EnergyPart> explain(const ActionCounts& counts, const Accelerator& accelerator,
                                const EnergyTable& table, const Problem& problem, std::int64_t cycles,
                                const std::string& stated) {
  return Explainer(counts, accelerator, table, problem, cycles, stated).run();
}

}  // namespace weft
