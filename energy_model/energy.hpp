// What counts cost: energy per action and area per component, every number with a source.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "arch/spec/accelerator.hpp"
#include "base/units.hpp"
#include "dataflow/counts.hpp"

namespace weft {

// A table of laws per component class (configs/energy/*.yaml): MACs by width, register files, SRAM and
// DRAM by capacity and width, wires, vector operations, leakage, areas; each entry names its source and
// the range it holds for. Immutable after loading.
class EnergyTable {
 public:
  // A preset's name (configs/energy) or a file. Throws ConfigError (an entry without a source:
  // missing-source).
  static EnergyTable load(const std::string& name_or_file);
  EnergyTable(EnergyTable&&) noexcept;
  EnergyTable& operator=(EnergyTable&&) noexcept;
  ~EnergyTable();

  struct Laws;  // energy_model/table.hpp
  [[nodiscard]] const Laws& laws() const { return *laws_; }
  [[nodiscard]] const std::string& name() const { return name_; }

 private:
  EnergyTable();
  std::unique_ptr<const Laws> laws_;
  std::string name_;
};

// Per-action costs of one accelerator for words of given widths: evaluated once, used for many mappings.
// Energies are pJ for one access of a whole block.
struct MemoryCosts {
  double read = 0, write = 0, update = 0, drain = 0;  // pJ per access
  double leak = 0;                                    // pJ per cycle and instance
  PerRole<std::int64_t> block_words{1, 1, 1};         // words of each tensor in one access, at least 1
  double area_um2 = 0;                                // one instance
};
struct CostModel {
  std::vector<std::vector<MemoryCosts>> memories;  // [level][memory]
  // [level]: pJ in the fan-out below for each word delivered (operands: received; outputs: sent by a child
  // or read back to one), and in the wires up to it for each word sent.
  std::vector<PerRole<double>> network_per_word;
  std::vector<PerRole<double>> network_per_send;
  double mac = 0;                     // pJ per MAC at the layer's widths
  double gated_mac = 0;               // pJ per MAC that is switched off
  double compute_leak = 0;            // pJ per cycle and unit
  double vector_op = 0;               // pJ per scalar operation
  double compute_area_um2 = 0;        // one unit
  std::vector<std::string> warnings;  // a law used outside its range
};
// What the file states is taken as it is; the rest follows the table's laws, scaled to the accelerator's
// technology and voltage. Throws ConfigError (unknown-name) for a DRAM type that the table does not know.
[[nodiscard]] CostModel make_cost_model(const Accelerator& accelerator, const EnergyTable& table,
                                        const Problem& problem);

// Energy of a run, summed in a fixed order. Accesses = ceil(words per instance / block), per tensor and kind
// of access (a fill is a write), times the instances used; leakage runs over `cycles` on every instance of
// the machine. The words of a network pass every fan-out down to the next level that keeps the tensor.
struct EnergyReport {
  struct Level {
    PerRole<double> tensors{};  // pJ in the level's memories
    PerRole<double> network{};  // pJ in the network below
    double leak = 0;
  };
  std::vector<Level> levels;
  double compute = 0, compute_leak = 0;  // pJ
  double total = 0;                      // pJ
};
// pJ per access of one tensor's words, with what zeros save taken off.
struct AccessCosts {
  double read = 0, write = 0, update = 0, drain = 0;
};
[[nodiscard]] inline AccessCosts access_costs(const MemoryCosts& costs, const Shares& shares) {
  const double served = shares.stored * shares.accesses;
  return {costs.read * served * shares.sent, costs.write * shares.stored * shares.arriving,
          costs.update * served, costs.drain * shares.stored};
}

// pJ of the MACs that are left when some are gated or skipped.
[[nodiscard]] double mac_energy(std::int64_t macs, std::int64_t gated, std::int64_t skipped,
                                const CostModel& costs);
// The same by the expectations of the accelerator's effect (none: all MACs are done).
[[nodiscard]] double mac_energy(const Problem& problem, const Accelerator& accelerator,
                                const CostModel& costs);
[[nodiscard]] EnergyReport energy(const ActionCounts& counts, const Accelerator& accelerator,
                                  const CostModel& costs, std::int64_t cycles);

// Area, um2, all instances. DRAM is off the chip and has none, nor has its controller.
struct AreaReport {
  std::vector<double> levels;    // memories
  std::vector<double> networks;  // of the fan-out below each level: wires, registers, adders
  double compute = 0;
  double vector_unit = 0;
  double control = 0;  // addresses and sequence of the memories
  double clock = 0;    // its network, to the registers
  double total = 0;
};
[[nodiscard]] AreaReport area(const Accelerator& accelerator, const EnergyTable& table);

}  // namespace weft
