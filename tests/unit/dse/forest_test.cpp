// Do forests predict what they have seen, and attribute variance to the genes that cause it?
// SPDX-License-Identifier: Apache-2.0
#include "dse/forest.hpp"

#include <cmath>

#include <gtest/gtest.h>

#include "base/rng.hpp"
#include "dse/drawer.hpp"

namespace weft {
namespace {

// The whole of a space of 6 x 4 x 3.
std::vector<Genome> all_genomes() {
  std::vector<Genome> genomes;
  for (int a = 0; a < 6; ++a) {
    for (int b = 0; b < 4; ++b) {
      for (int c = 0; c < 3; ++c) {
        genomes.push_back({a, b, c});
      }
    }
  }
  return genomes;
}

template <class Value>
Forest forest_of(const Value& value, int trees) {
  const std::vector<Genome> genomes = all_genomes();
  std::vector<double> values;
  for (const Genome& genome : genomes) {
    values.push_back(value(genome));
  }
  ForestSetup setup;
  setup.choices = {6, 4, 3};
  setup.trees = trees;
  setup.smallest = 2;
  return {setup, genomes, values};
}

TEST(Forest, PredictsAStepAndSpreadsNowhere) {
  const Forest forest = forest_of([](const Genome& g) { return g[0] < 3 ? 1.0 : 5.0; }, 16);
  for (const Genome& genome : all_genomes()) {
    EXPECT_DOUBLE_EQ(forest.predict(genome).mean, genome[0] < 3 ? 1.0 : 5.0);
    EXPECT_NEAR(forest.predict(genome).variance, 0, 1e-12);
  }
}

// Of a sum the variances add: 10 a has 100 x 35/12, 10 b has 100 x 15/12, c nothing.
TEST(Forest, ShareOfASumIsTheShareOfItsVariance) {
  const auto effects =
      forest_of([](const Genome& g) { return 10.0 * g[0] + 10.0 * g[1]; }, 200).main_effects();
  EXPECT_NEAR(effects[0], 35.0 / 50, 0.06);
  EXPECT_NEAR(effects[1], 15.0 / 50, 0.06);
  EXPECT_LT(effects[2], 0.02);
}

// Neither gene alone says anything of their exclusive or.
TEST(Forest, WhatActsJointlyIsNobodysAlone) {
  const auto effects =
      forest_of([](const Genome& g) { return (g[0] % 2) == (g[1] % 2) ? 1.0 : 0.0; }, 100).main_effects();
  EXPECT_LT(effects[0] + effects[1] + effects[2], 0.4);
}

TEST(Forest, AConstantHasNoEffects) {
  for (const double effect : forest_of([](const Genome&) { return 7.0; }, 4).main_effects()) {
    EXPECT_EQ(effect, 0);
  }
}

// Two objectives at odds over 12^4 genomes; the best sum of both within 120 evaluations.
double best_within(SearchKind kind, std::uint64_t seed) {
  OptimizerSetup setup;
  setup.choices = {12, 12, 12, 12};
  setup.kind = kind;
  setup.population = 20;
  setup.seed = seed;
  setup.admissible = [](const Genome&) { return true; };
  const auto optimizer = make_optimizer(setup);
  double best = 1e9;
  for (int asked = 0; asked < 120;) {
    const auto batch = optimizer->ask(120 - asked);
    asked += static_cast<int>(batch.size());
    std::vector<Outcome> outcomes;
    for (const Genome& genome : batch) {
      double waste = 0;
      for (const int gene : genome) {
        waste += std::abs(gene - 7);
      }
      best = std::min(best, waste);
      outcomes.push_back({{{waste + genome[0], waste + 11.0 - genome[0]}}});
    }
    optimizer->tell(outcomes);
  }
  return best;
}

TEST(Surrogate, BeatsChanceWhereEvaluationsAreFew) {
  double chosen = 0, chance = 0;
  for (std::uint64_t seed = 1; seed <= 5; ++seed) {
    chosen += best_within(SearchKind::kSurrogate, seed);
    chance += best_within(SearchKind::kRandom, seed);
  }
  EXPECT_LT(chosen, 0.5 * chance);
}

}  // namespace
}  // namespace weft
