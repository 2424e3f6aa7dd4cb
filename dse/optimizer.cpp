// Random sampling, enumeration and NSGA-II.
// SPDX-License-Identifier: Apache-2.0
#include "dse/optimizer.hpp"

#include <algorithm>

#include "base/error.hpp"
#include "dse/drawer.hpp"

namespace weft {

namespace {

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

// The last gene runs fastest.
class Enumeration final : public Optimizer {
 public:
  explicit Enumeration(const OptimizerSetup& setup) : setup_(setup), next_(setup.choices.size(), 0) {}

  std::vector<Genome> ask(std::int64_t most) override {
    std::vector<Genome> batch;
    while (!next_.empty() && std::ssize(batch) < std::min(most, setup_.population)) {
      Genome canonical = next_;
      if (setup_.canonicalise) {
        setup_.canonicalise(canonical);
      }
      if (canonical == next_ && setup_.admissible(next_)) {
        batch.push_back(next_);
      }
      advance();
    }
    return batch;
  }
  void tell(const std::vector<Outcome>&) override {}

 private:
  void advance() {
    for (std::size_t gene = next_.size(); gene-- > 0;) {
      if (++next_[gene] < setup_.choices[gene]) {
        return;
      }
      next_[gene] = 0;
    }
    next_.clear();  // all done
  }
  OptimizerSetup setup_;
  Genome next_;
};

class Evolution final : public Optimizer {
 public:
  explicit Evolution(const OptimizerSetup& setup) : drawer_(setup) {}

  std::vector<Genome> ask(std::int64_t most) override {
    const std::int64_t size = std::min(most, drawer_.setup().population);
    asked_ =
        drawer_.batch(size, [&](std::int64_t place) { return parents_.empty() ? founder(place) : child(); });
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
    int rank = 0;       // of its best point
    double lonely = 0;  // crowding distance of that point
  };

  // The first generation is spread evenly over the first gene: every network of a table gets its chance.
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
      drawer_.mutate(genome);
      if (drawer_.accept(genome)) {
        return genome;
      }
    }
    return {};
  }

  // Ranks all points, feasible individuals first, and keeps the best of parents and children.
  void select() {
    std::vector<Objectives> points;
    std::vector<std::size_t> owner;
    for (std::size_t i = 0; i < parents_.size(); ++i) {
      for (const Objectives& point : parents_[i].outcome.points) {
        points.push_back(point);
        owner.push_back(i);
      }
    }
    const std::vector<int> ranks = non_dominated_ranks(points);
    const std::vector<double> lonely = crowding(points, ranks);
    for (Individual& individual : parents_) {
      individual.rank = kInfeasible;
      individual.lonely = 0;
    }
    for (std::size_t i = 0; i < points.size(); ++i) {
      Individual& individual = parents_[owner[i]];
      if (ranks[i] < individual.rank || (ranks[i] == individual.rank && lonely[i] > individual.lonely)) {
        individual.rank = ranks[i];
        individual.lonely = lonely[i];
      }
    }
    std::stable_sort(parents_.begin(), parents_.end(), [](const Individual& a, const Individual& b) {
      return a.rank != b.rank ? a.rank < b.rank : a.lonely > b.lonely;
    });
    parents_.resize(std::min(parents_.size(), static_cast<std::size_t>(drawer_.setup().population)));
  }

  static constexpr int kInfeasible = 1 << 30;
  Drawer drawer_;
  std::vector<Genome> asked_;
  std::vector<Individual> parents_;
};

}  // namespace

std::unique_ptr<Optimizer> make_optimizer(const OptimizerSetup& setup) {
  WEFT_ENSURE(!setup.choices.empty(), "a genome has at least one gene");
  switch (setup.kind) {
    case SearchKind::kRandom:
      return std::make_unique<RandomSampling>(setup);
    case SearchKind::kExhaustive:
      return std::make_unique<Enumeration>(setup);
    case SearchKind::kCmaEs:
      return make_cma_es(setup);
    case SearchKind::kSurrogate:
      return make_surrogate(setup);
    case SearchKind::kEvolutionary:
    case SearchKind::kNested:
      return std::make_unique<Evolution>(setup);
  }
  WEFT_ENSURE(false, "not a kind of search");
}

}  // namespace weft
