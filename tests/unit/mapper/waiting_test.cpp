// Does every node of a search get its turn, the most promising one first, in bounded memory?
// SPDX-License-Identifier: Apache-2.0
#include "mapper/exact/waiting.hpp"

#include <algorithm>

#include <gtest/gtest.h>

#include "base/rng.hpp"

namespace weft::exact {
namespace {

void add(WaitingNodes& waiting, double cost, int depth) {
  WaitingNode& node = waiting.next();
  node.cost = cost;
  node.phase = depth;
  waiting.add();
}

// A tree of random costs that rise downwards: nodes visited, and most that ever waited.
struct Visited {
  int nodes = 0, leaves = 0;
  std::size_t most = 0;
  double best = 1e9;  // leaf
  int beyond_it = 0;  // nodes visited that cost more than the best leaf of all
};
Visited walk(std::uint64_t seed, int branching, int depth, bool bounded) {
  Rng rng(seed);
  WaitingNodes waiting;
  Visited result;
  add(waiting, 0, 0);
  std::vector<double> costs;
  while (const WaitingNode* node = waiting.take()) {
    result.most = std::max(result.most, waiting.size());
    if (bounded && node->cost >= result.best) {
      continue;
    }
    ++result.nodes;
    costs.push_back(node->cost);
    if (node->phase == depth) {
      ++result.leaves;
      result.best = std::min(result.best, node->cost);
      continue;
    }
    const double above = node->cost;
    const int level = node->phase;
    for (int child = 0; child < branching; ++child) {
      add(waiting, above + rng.unit(), level + 1);
    }
  }
  result.beyond_it = static_cast<int>(
      std::count_if(costs.begin(), costs.end(), [&](double cost) { return cost > result.best; }));
  return result;
}

TEST(Waiting, EveryNodeHasItsTurn) {
  const Visited all = walk(1, 3, 9, false);
  EXPECT_EQ(all.nodes, (3 * 19683 - 1) / 2);
  EXPECT_EQ(all.leaves, 19683);
}

// Only the dives go further than the best leaf.
TEST(Waiting, LittleIsVisitedThatCostsMoreThanTheBest) {
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    const Visited best_first = walk(seed, 4, 8, true);
    EXPECT_LT(best_first.beyond_it, 10 + best_first.nodes / 5) << "seed " << seed;
    EXPECT_DOUBLE_EQ(best_first.best, walk(seed, 4, 8, true).best);
  }
}

TEST(Waiting, MemoryIsBoundedHoweverLargeTheTree) {
  const Visited all = walk(7, 12, 5, false);
  EXPECT_EQ(all.leaves, 248832);
  EXPECT_GT(all.most, 19'000U);
  EXPECT_LT(all.most, 20'100U);
}

}  // namespace
}  // namespace weft::exact
