// Do the optimisers obey their contract, and does evolution beat chance?
// SPDX-License-Identifier: Apache-2.0
#include "dse/optimizer.hpp"

#include <set>

#include <gtest/gtest.h>

namespace weft {
namespace {

OptimizerSetup setup_of(SearchKind kind, std::uint64_t seed) {
  OptimizerSetup setup;
  setup.choices = {8, 8, 8, 8, 8, 8};
  setup.kind = kind;
  setup.population = 20;
  setup.seed = seed;
  setup.admissible = [](const Genome& genome) { return genome[0] != 3; };
  return setup;
}

// Two objectives at odds: the sum of the genes, and the sum of the distances to 7; nothing but the genes 0
// and 7 is worth taking, and the third objective punishes every other.
Outcome judge(const Genome& genome) {
  double low = 0;
  double high = 0;
  double waste = 0;
  for (const int gene : genome) {
    low += gene;
    high += 7 - gene;
    waste += gene == 0 || gene == 7 ? 0 : 10;
  }
  return {{low + waste, high + waste}, true};
}

std::vector<Genome> run(const OptimizerSetup& setup, std::int64_t evaluations) {
  const auto optimizer = make_optimizer(setup);
  std::vector<Genome> all;
  while (std::ssize(all) < evaluations) {
    const auto batch = optimizer->ask(evaluations - std::ssize(all));
    if (batch.empty()) {
      break;
    }
    std::vector<Outcome> outcomes;
    for (const Genome& genome : batch) {
      outcomes.push_back(judge(genome));
      all.push_back(genome);
    }
    optimizer->tell(outcomes);
  }
  return all;
}

class EveryKind : public ::testing::TestWithParam<SearchKind> {};

TEST_P(EveryKind, AsksForNewAdmissibleGenomesOnly) {
  const auto all = run(setup_of(GetParam(), 1), 333);
  EXPECT_EQ(all.size(), 333U);
  EXPECT_EQ(std::set<Genome>(all.begin(), all.end()).size(), all.size());
  for (const Genome& genome : all) {
    EXPECT_NE(genome[0], 3);
    for (const int gene : genome) {
      EXPECT_TRUE(gene >= 0 && gene < 8);
    }
  }
}

TEST_P(EveryKind, IsAFunctionOfTheSeed) {
  EXPECT_EQ(run(setup_of(GetParam(), 5), 200), run(setup_of(GetParam(), 5), 200));
  EXPECT_NE(run(setup_of(GetParam(), 5), 200), run(setup_of(GetParam(), 6), 200));
}

TEST_P(EveryKind, EndsWhenTheSpaceIsExhausted) {
  OptimizerSetup setup = setup_of(GetParam(), 1);
  setup.choices = {3, 4};
  setup.admissible = [](const Genome& genome) { return genome[0] != 2; };
  EXPECT_EQ(run(setup, 1000).size(), 8U);  // 2 x 4 admissible
}

INSTANTIATE_TEST_SUITE_P(Kinds, EveryKind, ::testing::Values(SearchKind::kRandom, SearchKind::kEvolutionary));

// Points at most `margin` above the true front, where the two objectives add up to 42.
std::size_t near_front(const std::vector<Genome>& all) {
  std::set<double> places;
  for (const Genome& genome : all) {
    const Objectives objectives = judge(genome).objectives;
    if (objectives[0] + objectives[1] == 42) {
      places.insert(objectives[0]);
    }
  }
  return places.size();
}

TEST(Evolution, FindsMoreOfTheFrontThanChance) {
  std::size_t evolved = 0;
  std::size_t random = 0;
  for (std::uint64_t seed = 1; seed <= 5; ++seed) {
    evolved += near_front(run(setup_of(SearchKind::kEvolutionary, seed), 1200));
    random += near_front(run(setup_of(SearchKind::kRandom, seed), 1200));
  }
  EXPECT_GT(evolved, 2 * random + 10);  // of 7 places x 5 seeds
}

// A generation of which most are infeasible must be led by the feasible ones.
TEST(Evolution, FollowsFeasiblePoints) {
  OptimizerSetup setup = setup_of(SearchKind::kEvolutionary, 3);
  const auto optimizer = make_optimizer(setup);
  int feasible = 0;
  for (int generation = 0; generation < 25; ++generation) {
    std::vector<Outcome> outcomes;
    feasible = 0;
    for (const Genome& genome : optimizer->ask(1000)) {
      Outcome outcome = judge(genome);
      outcome.feasible = genome[1] == 7 && genome[2] == 7;
      feasible += outcome.feasible ? 1 : 0;
      outcomes.push_back(outcome);
    }
    optimizer->tell(outcomes);
  }
  EXPECT_GT(feasible, 5);  // by chance: 20 / 64
}

}  // namespace
}  // namespace weft
