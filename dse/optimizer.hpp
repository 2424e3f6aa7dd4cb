// Ask/tell optimisers over genomes of categorical and ordered genes. They know nothing of networks or
// accelerators, and are pure functions of seed and answers.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <vector>

#include "dse/pareto.hpp"
#include "dse/space.hpp"

namespace weft {

struct Outcome {
  Objectives objectives;
  bool feasible = true;  // infeasible points lose against all others
};

class Optimizer {
 public:
  virtual ~Optimizer() = default;
  // The next genomes to evaluate, at most `most`; never one asked before. Empty: nothing new was found, the
  // search is over.
  [[nodiscard]] virtual std::vector<Genome> ask(std::int64_t most) = 0;
  // The outcomes of what was asked last, in the same order.
  virtual void tell(const std::vector<Outcome>& outcomes) = 0;
};

struct OptimizerSetup {
  std::vector<int> choices;  // per gene
  SearchKind kind = SearchKind::kEvolutionary;
  std::int64_t population = 40;
  std::uint64_t seed = 1;
  // Refuses genomes before anybody evaluates them; called once for each genome drawn.
  std::function<bool(const Genome&)> admissible;
};
// Random sampling, or NSGA-II (Deb et al., IEEE TEVC 2002) with uniform crossover and mutations that take a
// neighbouring option or any.
[[nodiscard]] std::unique_ptr<Optimizer> make_optimizer(const OptimizerSetup& setup);

}  // namespace weft
