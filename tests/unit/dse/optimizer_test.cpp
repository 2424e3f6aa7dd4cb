// Do the optimisers obey their contract, and does evolution beat chance?
// SPDX-License-Identifier: Apache-2.0
#include "dse/optimizer.hpp"

#include <algorithm>
#include <cmath>
#include <set>

#include <gtest/gtest.h>

#include "dse/drawer.hpp"

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
  return {{{low + waste, high + waste}}};
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

INSTANTIATE_TEST_SUITE_P(Kinds, EveryKind,
                         ::testing::Values(SearchKind::kRandom, SearchKind::kEvolutionary, SearchKind::kCmaEs,
                                           SearchKind::kSurrogate));

TEST(Enumeration, AsksForEveryGenomeOnce) {
  OptimizerSetup setup = setup_of(SearchKind::kExhaustive, 1);
  setup.choices = {3, 4, 2};
  setup.admissible = [](const Genome& genome) { return genome[0] != 2; };
  // With the first gene at 0 the second decides nothing.
  setup.canonicalise = [](Genome& genome) { genome[1] = genome[0] == 0 ? 0 : genome[1]; };
  const auto all = run(setup, 1000);
  EXPECT_EQ(all.size(), 2U + 4 * 2);
  EXPECT_EQ(std::set<Genome>(all.begin(), all.end()).size(), all.size());
}

TEST(Arrangement, PlacesAndOptionsAreTheSame) {
  const Arrangement arrangement{0, 5, 3};
  std::set<std::vector<std::size_t>> seen;
  for (int option = 0; option < 5 * 4 * 3; ++option) {
    const auto places = arranged(arrangement, option);
    EXPECT_EQ(option_of(arrangement, places), option);
    EXPECT_EQ(std::set<std::size_t>(places.begin(), places.end()).size(), 3U);
    seen.insert(places);
  }
  EXPECT_EQ(seen.size(), 60U);
  EXPECT_TRUE(std::is_sorted(seen.begin(), seen.end()));
}

// The best order of six items and a number, by one objective: 720 x 64 genomes, 600 evaluations.
TEST(CmaEs, FindsOrdersAndNumbersBetterThanChance) {
  const auto best_of = [](SearchKind kind, std::uint64_t seed) {
    OptimizerSetup setup = setup_of(kind, seed);
    setup.choices = {720, 64};
    setup.arrangements = {{0, 6, 6}};
    setup.admissible = [](const Genome&) { return true; };
    const auto optimizer = make_optimizer(setup);
    double best = 1e9;
    for (int asked = 0; asked < 600;) {
      const auto batch = optimizer->ask(600 - asked);
      if (batch.empty()) {
        break;
      }
      asked += static_cast<int>(batch.size());
      std::vector<Outcome> outcomes;
      for (const Genome& genome : batch) {
        const auto places = arranged({0, 6, 6}, genome[0]);
        double cost = std::abs(genome[1] - 41);
        for (std::size_t i = 0; i < places.size(); ++i) {
          cost += 3 * std::abs(static_cast<double>(places[i]) - static_cast<double>(5 - i));
        }
        best = std::min(best, cost);
        outcomes.push_back({{{cost}}});
      }
      optimizer->tell(outcomes);
    }
    return best;
  };
  double adapted = 0;
  double random = 0;
  for (std::uint64_t seed = 1; seed <= 5; ++seed) {
    adapted += best_of(SearchKind::kCmaEs, seed);
    random += best_of(SearchKind::kRandom, seed);
  }
  EXPECT_LT(adapted, 0.5 * random);
}

// Points at most `margin` above the true front, where the two objectives add up to 42.
std::size_t near_front(const std::vector<Genome>& all) {
  std::set<double> places;
  for (const Genome& genome : all) {
    const Objectives objectives = judge(genome).points.front();
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
      if (genome[1] == 7 && genome[2] == 7) {
        ++feasible;
      } else {
        outcome.points.clear();
      }
      outcomes.push_back(outcome);
    }
    optimizer->tell(outcomes);
  }
  EXPECT_GT(feasible, 5);  // by chance: 20 / 64
}

}  // namespace
}  // namespace weft
