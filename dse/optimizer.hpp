// Ask/tell optimisers over genomes of categorical, ordered and arranging genes. They know nothing of networks
// or accelerators, and are pure functions of seed and answers. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <vector>

#include "dse/pareto.hpp"
#include "dse/space.hpp"

namespace weft {

// What became of a genome: nothing (infeasible: loses against all others), one point, or several when the
// genome leaves something open (an accelerator with a front of networks).
struct Outcome {
  std::vector<Objectives> points;
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

// A gene that arranges items (Knob::items): option = place of the arrangement in lexical order.
struct Arrangement {
  std::size_t gene = 0;
  std::size_t items = 0, taken = 0;
};

struct OptimizerSetup {
  std::vector<int> choices;  // per gene
  std::vector<Arrangement> arrangements{};
  SearchKind kind = SearchKind::kEvolutionary;
  std::int64_t population = 40;
  std::uint64_t seed = 1;
  // Refuses genomes before anybody evaluates them; called once for each genome drawn.
  std::function<bool(const Genome&)> admissible;
  // Brings genomes that mean the same to one form; may be empty.
  std::function<void(Genome&)> canonicalise{};
};
// Random sampling; all genomes one after the other; NSGA-II (Deb et al., IEEE TEVC 2002) with uniform
// crossover and mutations that take a neighbouring option, any, or swap two items of an arrangement, over
// several points per genome for kNested; CMA-ES (cma_es.cpp) for one objective; a forest that predicts
// (surrogate.cpp).
[[nodiscard]] std::unique_ptr<Optimizer> make_optimizer(const OptimizerSetup& setup);

}  // namespace weft
