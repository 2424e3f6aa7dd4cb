// Is the exact search exact? Literally every mapping of the even space is enumerated and priced by the model,
// on random problems and machines, and compared with what branch and bound finds; each of its rules can be
// off. SPDX-License-Identifier: Apache-2.0
#include "mapper/exact/exact.hpp"

#include <algorithm>
#include <array>
#include <optional>

#include <gtest/gtest.h>

#include "arch/spec/sparse_effect.hpp"
#include "energy_model/energy.hpp"
#include "mapper/map_space.hpp"
#include "tests/support/brute_force.hpp"
#include "tests/support/generators.hpp"
#include "tests/support/small_cases.hpp"
#include "tests/support/sparsify.hpp"

namespace weft {
namespace {

using testing::BruteForce;

using Case = testing::SmallCase;

MapRequest request_of(const Case& one, const EnergyTable& table, Objective objective) {
  MapRequest request;
  request.problem = &one.problem;
  request.accelerator = &one.accelerator;
  request.table = &table;
  request.objective = objective;
  return request;
}

constexpr std::array kObjectives = {Objective::kEnergy, Objective::kLatency, Objective::kEdp,
                                    Objective::kEd2p};

enum class Zeros : std::uint8_t { kNone, kHandled };

void compare(std::uint64_t first, int count, double most, const exact::Options& options,
             Zeros zeros = Zeros::kNone) {
  const EnergyTable table = EnergyTable::load("default_45nm");
  int done = 0;
  testing::for_each_seed(first, count, [&](std::uint64_t seed) {
    std::optional<Case> one = testing::small_case(seed, most);
    if (!one) {
      return;
    }
    if (zeros == Zeros::kHandled) {
      Rng rng = Rng(seed).fork(77);
      testing::sparsify(rng, one->problem);
      testing::sparsify(rng, one->accelerator);
      one->accelerator = for_layer(one->accelerator, one->problem);
    }
    ++done;
    const MapRequest request =
        request_of(*one, table, kObjectives[static_cast<std::size_t>(seed % kObjectives.size())]);
    const std::optional<double> least = BruteForce(one->problem, one->accelerator).least(request);
    const MapResult found = exact::solve(request, options);
    ASSERT_EQ(found.mapping.has_value(), least.has_value()) << "seed " << seed;
    if (least) {
      EXPECT_DOUBLE_EQ(found.cost, *least)
          << "seed " << seed << "\n"
          << print_yaml(*found.mapping, one->problem, one->accelerator) << print_yaml(one->accelerator);
      EXPECT_EQ(found.gap, 0) << "seed " << seed;
      const MapResult again = price(request, *found.mapping);
      EXPECT_EQ(found.evaluation.counts, again.evaluation.counts) << "seed " << seed;
      EXPECT_EQ(found.evaluation.timing.cycles, again.evaluation.timing.cycles) << "seed " << seed;
      EXPECT_EQ(found.cost, again.cost) << "seed " << seed;
    }
  });
  std::printf("%d cases\n", done);
}

TEST(Exact, EqualsBruteForce) {
  compare(1, 2200, 3000, {.rules = {}, .seed_evaluations = 0, .polish_evaluations = 0});
}

TEST(Exact, EqualsBruteForceOnMachinesThatHandleZeros) {
  compare(20001, 700, 2000, {.rules = {}, .seed_evaluations = 0, .polish_evaluations = 0}, Zeros::kHandled);
}

// Rows p + r (or 2 p + r) stay where they are when p advances and r begins again: a tile that does not move.
TEST(Exact, EqualsBruteForceWhereLoopsUndoEachOther) {
  const EnergyTable table = EnergyTable::load("default_45nm");
  testing::for_each_seed(110001, 400, [&](std::uint64_t seed) {
    std::optional<Case> one = testing::small_case(seed, 3000);
    if (!one) {
      return;
    }
    const std::int64_t stride = 1 + static_cast<std::int64_t>(seed % 2);
    one->problem =
        make_conv({.in_h = 2 * stride + 1, .kernel_h = stride + 1, .stride_h = stride, .pad_top = 1});
    for (StorageLevel& level : one->accelerator.levels) {
      for (Memory& memory : level.memories) {
        memory.halo = Halo::kRefetch;
      }
    }
    const MapRequest request = request_of(*one, table, kObjectives[seed / 2 % kObjectives.size()]);
    const std::optional<double> least = BruteForce(one->problem, one->accelerator).least(request);
    const MapResult found =
        exact::solve(request, {.rules = {}, .seed_evaluations = 0, .polish_evaluations = 0});
    ASSERT_EQ(found.mapping.has_value(), least.has_value()) << "seed " << seed;
    if (least) {
      EXPECT_DOUBLE_EQ(found.cost, *least) << "seed " << seed << "\n" << print_yaml(one->accelerator);
    }
  });
}

// Nothing is left to split, but the words of one MAC, as they are coded, need room too.
TEST(Exact, EqualsBruteForceOnOneMac) {
  const EnergyTable table = EnergyTable::load("default_45nm");
  std::array<int, 2> cases{};
  testing::for_each_seed(130001, 800, [&](std::uint64_t seed) {
    std::optional<Case> one = testing::small_case(seed, 3000);
    if (!one) {
      return;
    }
    Rng rng(seed);
    one->problem = make_conv({});
    testing::sparsify(rng, one->problem);
    testing::sparsify(rng, one->accelerator);
    one->accelerator = for_layer(one->accelerator, one->problem);
    const MapRequest request = request_of(*one, table, kObjectives[seed % kObjectives.size()]);
    const std::optional<double> least = BruteForce(one->problem, one->accelerator).least(request);
    const MapResult found =
        exact::solve(request, {.rules = {}, .seed_evaluations = 0, .polish_evaluations = 0});
    ASSERT_EQ(found.mapping.has_value(), least.has_value()) << "seed " << seed;
    if (least) {
      EXPECT_DOUBLE_EQ(found.cost, *least) << "seed " << seed;
    }
    ++cases[least ? 1 : 0];
  });
  EXPECT_GT(cases[0], 3);
  EXPECT_GT(cases[1], 100);
  std::printf("%d and %d cases\n", cases[0], cases[1]);
}

// The optimum does not depend on a rule, only the work does.
TEST(Exact, WithoutBoundsFindsTheSame) {
  compare(50001, 300, 1000, {.rules = {.bounds = false}, .seed_evaluations = 0, .polish_evaluations = 0});
}
TEST(Exact, WithAllOrdersFindsTheSame) {
  compare(60001, 300, 2000, {.rules = {.orders = false}, .seed_evaluations = 0, .polish_evaluations = 0});
}
TEST(Exact, PricedOneByOneFindsTheSame) {
  compare(70001, 300, 2000, {.rules = {.tables = false}, .seed_evaluations = 0, .polish_evaluations = 0});
}
TEST(Exact, WithBothOfTwoTwinsFindsTheSame) {
  compare(90001, 300, 2000, {.rules = {.twins = false}, .seed_evaluations = 0, .polish_evaluations = 0});
}
TEST(Exact, WithAxesToldApartFindsTheSame) {
  compare(120001, 300, 2000, {.rules = {.axes = false}, .seed_evaluations = 0, .polish_evaluations = 0});
}
TEST(Exact, WithLoopsOutsideTheInnermostLevelFindsTheSame) {
  compare(80001, 300, 2000, {.rules = {.innermost = false}, .seed_evaluations = 0, .polish_evaluations = 0});
}

// Points that no other beats in both.
std::vector<std::pair<std::int64_t, double>> literal_front(const Case& one, const MapRequest& request) {
  const CostModel costs = make_cost_model(one.accelerator, *request.table, one.problem);
  std::vector<std::pair<std::int64_t, double>> points;
  BruteForce(one.problem, one.accelerator).each([&](const Mapping& mapping) {
    if (!check(mapping, one.problem, one.accelerator)) {
      const Evaluation evaluation = evaluate(mapping, one.problem, one.accelerator, request.model);
      const std::int64_t cycles = evaluation.timing.cycles;
      points.emplace_back(cycles, energy(evaluation.counts, one.accelerator, costs, cycles).total);
    }
  });
  std::sort(points.begin(), points.end());
  std::vector<std::pair<std::int64_t, double>> front;
  for (const auto& point : points) {
    if (front.empty() || point.second < front.back().second) {
      front.push_back(point);
    }
  }
  return front;
}

TEST(Exact, FrontEqualsBruteForce) {
  const EnergyTable table = EnergyTable::load("default_45nm");
  testing::for_each_seed(90001, 300, [&](std::uint64_t seed) {
    const std::optional<Case> one = testing::small_case(seed, 1500);
    if (!one) {
      return;
    }
    const MapRequest request = request_of(*one, table, Objective::kEdp);
    const exact::Front found =
        exact::front(request, {.rules = {}, .seed_evaluations = 0, .polish_evaluations = 0});
    std::vector<std::pair<std::int64_t, double>> points;
    for (const MapResult& point : found.points) {
      points.emplace_back(point.evaluation.timing.cycles, point.energy.total);
    }
    EXPECT_EQ(points, literal_front(*one, request)) << "seed " << seed;
    EXPECT_TRUE(found.proven);
  });
}

// Stopped early, the bound still holds.
TEST(Exact, GapIsHonestWhenStopped) {
  const EnergyTable table = EnergyTable::load("default_45nm");
  testing::for_each_seed(100001, 300, [&](std::uint64_t seed) {
    const std::optional<Case> one = testing::small_case(seed, 1500);
    if (!one) {
      return;
    }
    MapRequest request = request_of(*one, table, Objective::kEdp);
    request.max_nodes = static_cast<std::int64_t>(seed % 50) + 1;
    const MapResult stopped = exact::solve(request);
    const std::optional<double> least = BruteForce(one->problem, one->accelerator).least(request);
    if (stopped.mapping && least) {
      EXPECT_LE(stopped.lower_bound, *least) << "seed " << seed;
      EXPECT_GE(stopped.cost, stopped.lower_bound) << "seed " << seed;
    }
  });
}

}  // namespace
}  // namespace weft
