// Random sampling and NSGA-II.
// SPDX-License-Identifier: Apache-2.0
#include "dse/optimizer.hpp"

#include <algorithm>
#include <numeric>
#include <set>

#include "base/error.hpp"
#include "base/rng.hpp"

namespace weft {

namespace {

// Draws new genomes. Every genome is offered at most once.
class Drawer {
 public:
  explicit Drawer(const OptimizerSetup& setup) : setup_(setup), rng_(setup.seed) {}

  Rng& rng() { return rng_; }

  Genome any() {
    Genome genome;
    for (const int choices : setup_.choices) {
      genome.push_back(static_cast<int>(rng_.uniform(0, choices - 1)));
    }
    return genome;
  }

  // Accepts a genome that is new and admissible.
  bool accept(const Genome& genome) { return seen_.insert(genome).second && setup_.admissible(genome); }

  // Any new genome; empty when many draws brought none.
  Genome any_new() {
    constexpr int kDraws = 2000;
    for (int i = 0; i < kDraws; ++i) {
      Genome genome = any();
      if (accept(genome)) {
        return genome;
      }
    }
    return {};
  }

  [[nodiscard]] const OptimizerSetup& setup() const { return setup_; }

 private:
  OptimizerSetup setup_;
  Rng rng_;
  std::set<Genome> seen_;
};

class RandomSampling final : public Optimizer {
 public:
  explicit RandomSampling(const OptimizerSetup& setup) : drawer_(setup) {}

  std::vector<Genome> ask(std::int64_t most) override {
    std::vector<Genome> batch;
    while (std::ssize(batch) < std::min(most, drawer_.setup().population)) {
      Genome genome = drawer_.any_new();
      if (genome.empty()) {
        break;
      }
      batch.push_back(std::move(genome));
    }
    return batch;
  }
  void tell(const std::vector<Outcome>&) override {}

 private:
  Drawer drawer_;
};

class Evolution final : public Optimizer {
 public:
  explicit Evolution(const OptimizerSetup& setup) : drawer_(setup) {}

  std::vector<Genome> ask(std::int64_t most) override {
    const std::int64_t size = std::min(most, drawer_.setup().population);
    asked_.clear();
    while (std::ssize(asked_) < size) {
      Genome genome = parents_.empty() ? founder(std::ssize(asked_)) : child();
      if (genome.empty()) {
        genome = drawer_.any_new();
      }
      if (genome.empty()) {
        break;
      }
      asked_.push_back(std::move(genome));
    }
    return asked_;
  }

  void tell(const std::vector<Outcome>& outcomes) override {
    WEFT_ENSURE(outcomes.size() == asked_.size(), "one outcome for each genome asked");
    for (std::size_t i = 0; i < outcomes.size(); ++i) {
      parents_.push_back({asked_[i], outcomes[i], 0, 0});
    }
    select();
  }

 private:
  struct Individual {
    Genome genome;
    Outcome outcome;
    int rank = 0;
    double lonely = 0;  // crowding distance
  };

  // The first generation is spread evenly over the first gene: every network gets its chance.
  Genome founder(std::int64_t index) {
    constexpr int kDraws = 50;
    const int choices = drawer_.setup().choices.front();
    for (int i = 0; i < kDraws; ++i) {
      Genome genome = drawer_.any();
      genome.front() = static_cast<int>(index * choices / drawer_.setup().population);
      if (drawer_.accept(genome)) {
        return genome;
      }
    }
    return {};
  }

  const Individual& tournament() {
    const Individual& a = drawer_.rng().pick(parents_);
    const Individual& b = drawer_.rng().pick(parents_);
    const bool first = a.rank < b.rank || (a.rank == b.rank && a.lonely >= b.lonely);
    return first ? a : b;
  }

  // Empty when crossover and mutation keep giving genomes that were seen or are not admissible.
  Genome child() {
    constexpr int kAttempts = 50;
    for (int attempt = 0; attempt < kAttempts; ++attempt) {
      Genome genome = tournament().genome;
      const Genome& other = tournament().genome;
      for (std::size_t gene = 0; gene < genome.size(); ++gene) {
        genome[gene] = drawer_.rng().chance(0.5) ? genome[gene] : other[gene];
      }
      mutate(genome);
      if (drawer_.accept(genome)) {
        return genome;
      }
    }
    return {};
  }

  // Changes every gene with probability 1/genes, at least one.
  void mutate(Genome& genome) {
    const std::size_t sure = static_cast<std::size_t>(drawer_.rng().uniform(0, std::ssize(genome) - 1));
    for (std::size_t gene = 0; gene < genome.size(); ++gene) {
      if (gene != sure && !drawer_.rng().chance(1.0 / static_cast<double>(genome.size()))) {
        continue;
      }
      const int choices = drawer_.setup().choices[gene];
      const int step = drawer_.rng().chance(0.5) ? 1 : -1;
      genome[gene] = drawer_.rng().chance(0.5) ? std::clamp(genome[gene] + step, 0, choices - 1)
                                               : static_cast<int>(drawer_.rng().uniform(0, choices - 1));
    }
  }

  // Ranks all, feasible points first, and keeps the best of parents and children.
  void select() {
    std::vector<Objectives> points;
    for (const Individual& individual : parents_) {
      // Infeasible points are worse than any other in every objective.
      Objectives objectives = individual.outcome.objectives;
      for (double& value : objectives) {
        value = individual.outcome.feasible ? value : kWorst;
      }
      points.push_back(std::move(objectives));
    }
    const std::vector<int> ranks = non_dominated_ranks(points);
    const std::vector<double> lonely = crowding(points, ranks);
    for (std::size_t i = 0; i < parents_.size(); ++i) {
      parents_[i].rank = ranks[i];
      parents_[i].lonely = lonely[i];
    }
    std::stable_sort(parents_.begin(), parents_.end(), [](const Individual& a, const Individual& b) {
      return a.rank != b.rank ? a.rank < b.rank : a.lonely > b.lonely;
    });
    parents_.resize(std::min(parents_.size(), static_cast<std::size_t>(drawer_.setup().population)));
  }

  static constexpr double kWorst = 1e300;
  Drawer drawer_;
  std::vector<Genome> asked_;
  std::vector<Individual> parents_;
};

}  // namespace

std::unique_ptr<Optimizer> make_optimizer(const OptimizerSetup& setup) {
  WEFT_ENSURE(!setup.choices.empty(), "a genome has at least one gene");
  if (setup.kind == SearchKind::kRandom) {
    return std::make_unique<RandomSampling>(setup);
  }
  return std::make_unique<Evolution>(setup);
}

}  // namespace weft
