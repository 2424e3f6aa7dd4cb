// Turns a genome into figures: area from the accelerator alone, accuracy from the network alone, the rest
// from the machine's table. Safe to call from several threads; what it returns depends on the genome only.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "dse/machine.hpp"
#include "dse/space.hpp"
#include "dse/study.hpp"

namespace weft {

class Evaluator {
 public:
  explicit Evaluator(const DesignSpace& space);  // referred to, not copied

  // Within the constraints that need no mapping? Of the accelerator: area, units, storage.
  [[nodiscard]] bool machine_admissible(const Genome& genome) const;
  // Of the network: accuracy.
  [[nodiscard]] bool network_admissible(const Genome& genome) const;
  [[nodiscard]] bool admissible(const Genome& genome) const {
    return machine_admissible(genome) && network_admissible(genome);
  }

  [[nodiscard]] StudyPoint evaluate(const Genome& genome) const;
  // At most the latency and energy of evaluate(), and its other figures; `known`: they are evaluate()'s.
  struct Optimistic {
    StudyPoint point;
    bool known = false;
  };
  [[nodiscard]] Optimistic optimistic(const Genome& genome) const;

  [[nodiscard]] const Machine& machine(const Genome& genome) const;
  // Any accelerator, with the study's search of mappings and energy table.
  [[nodiscard]] Machine machine_of(Accelerator accelerator) const { return {std::move(accelerator), setup_}; }
  [[nodiscard]] const Accelerator& accelerator(const Genome& genome) const {
    return machine(genome).accelerator();
  }
  [[nodiscard]] Network network(const Genome& genome) const { return space_.network->build(genome); }
  // Every layer's mapping; the same that evaluate() used.
  [[nodiscard]] NetworkResult map(const Genome& genome) const;
  [[nodiscard]] std::int64_t layers_mapped() const;

  // Cycles, latency, energy and feasibility from the sum of a network's blocks.
  void finish(StudyPoint& point, const BlockCost& total, const Machine& machine) const;

 private:
  [[nodiscard]] StudyPoint fixed_figures(const Genome& genome, const Machine& machine) const;

  const DesignSpace& space_;
  EnergyTable table_;
  MachineSetup setup_;
  mutable std::mutex mutex_;
  mutable std::map<Genome, std::shared_ptr<const Machine>> machines_;  // key: the genes of the knobs
  // Combinations of knobs that describe the same accelerator share its table.
  mutable std::map<std::string, std::shared_ptr<const Machine>> by_text_;
};

}  // namespace weft
