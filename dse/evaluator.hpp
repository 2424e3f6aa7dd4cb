// Turns a genome into figures: area from the accelerator alone, the rest from mapping every layer of the
// network. Safe to call from several threads; what it returns depends on the genome only.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "dse/space.hpp"
#include "dse/study.hpp"

namespace weft {

class Evaluator {
 public:
  explicit Evaluator(const DesignSpace& space);  // referred to, not copied
  ~Evaluator();

  // Within the constraints that need no mapping?
  [[nodiscard]] bool admissible(const Genome& genome) const;
  [[nodiscard]] StudyPoint evaluate(const Genome& genome) const;

  [[nodiscard]] const Accelerator& accelerator(const Genome& genome) const;
  [[nodiscard]] const Network& network(const Genome& genome) const;
  // Every layer's mapping; the same that evaluate() used.
  [[nodiscard]] NetworkResult map(const Genome& genome) const;

 private:
  struct Hardware;
  class LayerCache;
  [[nodiscard]] const Hardware& hardware(const Genome& genome) const;

  const DesignSpace& space_;
  EnergyTable table_;
  std::vector<Network> networks_;
  mutable std::mutex mutex_;
  mutable std::map<Genome, std::unique_ptr<const Hardware>> hardware_;  // key: the genome without its network
  std::unique_ptr<LayerCache> layers_;
};

}  // namespace weft
