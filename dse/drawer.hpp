// Draws genomes for optimisers: every genome is offered at most once.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <iterator>
#include <set>
#include <utility>
#include <vector>

#include "base/rng.hpp"
#include "dse/optimizer.hpp"

namespace weft {

class Drawer {
 public:
  explicit Drawer(const OptimizerSetup& setup) : setup_(setup), rng_(setup.seed) {}

  [[nodiscard]] Rng& rng() { return rng_; }
  [[nodiscard]] const OptimizerSetup& setup() const { return setup_; }

  [[nodiscard]] Genome any();
  // Brings the genome to its one form; true when it is new and admissible.
  [[nodiscard]] bool accept(Genome& genome);
  // Any new genome; empty when many draws brought none.
  [[nodiscard]] Genome any_new();
  // Up to `size` genomes of draw(), or any new one where it has none (empty).
  template <class Draw>
  [[nodiscard]] std::vector<Genome> batch(std::int64_t size, const Draw& draw) {
    std::vector<Genome> batch;
    while (std::ssize(batch) < size) {
      Genome genome = draw(std::ssize(batch));
      if (genome.empty()) {
        genome = any_new();
      }
      if (genome.empty()) {
        break;
      }
      batch.push_back(std::move(genome));
    }
    return batch;
  }
  // Changes every gene that has a choice with probability 1/their number, at least one.
  void mutate(Genome& genome);

 private:
  void mutate_gene(Genome& genome, std::size_t gene);
  OptimizerSetup setup_;
  Rng rng_;
  std::set<Genome> seen_;
};

// Items of an arrangement by its place in lexical order, and back.
[[nodiscard]] std::vector<std::size_t> arranged(const Arrangement& arrangement, int option);
[[nodiscard]] int option_of(const Arrangement& arrangement, const std::vector<std::size_t>& places);

// One objective; the genome's first outcome counts.
[[nodiscard]] std::unique_ptr<Optimizer> make_cma_es(const OptimizerSetup& setup);

// For evaluations that are dear; any number of objectives.
[[nodiscard]] std::unique_ptr<Optimizer> make_surrogate(const OptimizerSetup& setup);

}  // namespace weft
