// Does every search stay inside constraints, tell the same story twice, and never lose what it was given?
// SPDX-License-Identifier: Apache-2.0
#include <map>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/error.hpp"
#include "mapper/constraints_file.hpp"
#include "mapper/infeasible.hpp"
#include "mapper/mapper.hpp"
#include "tests/support/constraints_met.hpp"

namespace weft {
namespace {

using testing::constraints_met_by;
using testing::for_each_seed;
using testing::random_triple;
using testing::Triple;

constexpr std::array kSearches = {"constructive", "random", "annealing", "genetic"};

const EnergyTable& table() {
  static const EnergyTable loaded = EnergyTable::load("default_45nm");
  return loaded;
}

MapRequest request_for(const Problem& problem, const Accelerator& accelerator, std::int64_t evaluations) {
  return {.problem = &problem,
          .accelerator = &accelerator,
          .table = &table(),
          .model = {},
          .max_evaluations = evaluations};
}

Problem conv() {
  return make_conv({.name = "conv",
                    .in_channels = 16,
                    .out_channels = 24,
                    .in_h = 14,
                    .in_w = 14,
                    .kernel_h = 3,
                    .kernel_w = 3,
                    .pad_top = 1,
                    .pad_left = 1,
                    .pad_bottom = 1,
                    .pad_right = 1});
}

// All of a layer's loops on an array without columns to share: what EIE does, and hardly any other machine.
bool made_for_one(const std::string& preset) {
  return preset == "column_by_column";
}

// Saved and loaded, the mapping costs the same under the same constraints.
void expect_reproducible(const MapResult& result, const MapRequest& request) {
  const std::string text = print_yaml(*result.mapping, *request.problem, *request.accelerator);
  const Mapping loaded = parse_mapping(text, "saved.yaml", *request.problem, *request.accelerator);
  const MapResult again = price(request, loaded);
  ASSERT_TRUE(again.mapping) << text;
  EXPECT_EQ(again.cost, result.cost) << text;
  EXPECT_EQ(again.energy.total, result.energy.total) << text;
  EXPECT_EQ(again.evaluation.timing.cycles, result.evaluation.timing.cycles) << text;
  EXPECT_EQ(again.gap, result.gap) << text;
}

TEST(ConstrainedSearch, PresetsGuideEverySearchOrAreRefused) {
  const Problem problem = conv();
  int found = 0;
  for (const auto& [arch, summary] : accelerator_presets()) {
    const Accelerator accelerator = load_accelerator(arch);
    for (const auto& [name, what] : constraint_presets()) {
      Constraints constraints;
      try {
        constraints = load_constraints(name, problem, accelerator);
      } catch (const ConfigError& error) {
        // Dims that the array does not take, or no array at all; a preset made for one machine may leave no
        // level that loops over a dim.
        EXPECT_THAT(error.diagnostics().front().code,
                    ::testing::AnyOf("spatial-not-allowed", made_for_one(name) ? "bounds-miss-dim" : "",
                                     accelerator.compute_units() == 1 ? "unknown-level" : ""))
            << arch << " " << error.what();
        continue;
      }
      for (const char* search : kSearches) {
        MapRequest request = request_for(problem, accelerator, 60);
        request.constraints = &constraints;
        const MapResult result = searches().at(search)(request);
        if (!result.mapping && made_for_one(name)) {
          continue;  // hardly any split that is permitted fits other machines, or none does
        }
        ASSERT_TRUE(result.mapping) << arch << " " << name << " " << search;
        EXPECT_FALSE(violates(constraints, *result.mapping, problem, accelerator));
        expect_reproducible(result, request);
        ++found;
      }
    }
  }
  EXPECT_GE(found, 100);
}

// Constraints that some mapping meets, so strict that hardly any other does: searches may miss it, but what
// they return meets them.
TEST(ConstrainedSearch, NothingOutsideIsReturned) {
  std::map<std::string, int> found;
  for_each_seed(450000, 150, [&](std::uint64_t seed) {
    const Triple t = random_triple(seed);
    Rng rng(seed);
    const Constraints constraints = constraints_met_by(rng, t);
    for (const char* search : kSearches) {
      MapRequest request = request_for(t.problem, t.accelerator, 40);
      request.constraints = &constraints;
      const MapResult result = searches().at(search)(request);
      if (result.mapping) {
        ++found[search];
        const auto broken = violates(constraints, *result.mapping, t.problem, t.accelerator);
        ASSERT_FALSE(broken) << search << ": " << explain(*broken, constraints, t.problem, t.accelerator);
        ASSERT_FALSE(check(*result.mapping, t.problem, t.accelerator));
      }
      request.start = t.mapping;
      ASSERT_TRUE(searches().at(search)(request).mapping) << search << " lost its start\n" << describe(t);
    }
  });
  for (const char* search : kSearches) {
    EXPECT_GE(found[search], 75) << search << ": plans are drawn outside the constraints";
  }
}

TEST(ConstrainedSearch, SameSeedSameResultNeverWorseThanTheStart) {
  for_each_seed(460000, 40, [](std::uint64_t seed) {
    const Triple t = random_triple(seed);
    for (const char* search : kSearches) {
      MapRequest request = request_for(t.problem, t.accelerator, 80);
      request.seed = seed;
      request.start = t.mapping;
      const MapResult given = price(request, t.mapping);
      const MapResult one = searches().at(search)(request);
      const MapResult two = searches().at(search)(request);
      ASSERT_TRUE(one.mapping);
      ASSERT_EQ(one.mapping, two.mapping) << search << describe(t);
      ASSERT_EQ(one.cost, two.cost);
      ASSERT_EQ(one.evaluated, two.evaluated);
      ASSERT_EQ(one.rejected, two.rejected);
      ASSERT_LE(one.cost, given.cost) << search << describe(t);
      ASSERT_EQ(one.lower_bound, given.lower_bound);
      ASSERT_DOUBLE_EQ(one.gap, 1 - one.lower_bound / one.cost);
    }
  });
}

TEST(ConstrainedSearch, HeuristicsBeatRandomSampling) {
  const Problem problem = conv();
  const Accelerator accelerator = load_accelerator("eyeriss");
  const MapRequest request = request_for(problem, accelerator, 1500);
  const double baseline = searches().at("random")(request).cost;
  EXPECT_LT(searches().at("annealing")(request).cost, baseline);
  EXPECT_LT(searches().at("genetic")(request).cost, baseline);
}

TEST(ConstrainedSearch, StopRuleEndsRandomSampling) {
  const Problem problem = conv();
  const Accelerator accelerator = load_accelerator("gemmini");
  MapRequest request = request_for(problem, accelerator, 1'000'000);
  request.stop_after = 20;
  const MapResult early = searches().at("random")(request);
  request.stop_after = 200;
  const MapResult late = searches().at("random")(request);
  EXPECT_LT(early.evaluated, late.evaluated);
  EXPECT_LE(late.cost, early.cost);
  EXPECT_GE(late.evaluated, 1);
}

// Nothing fits: the change that is named makes it fit, and less does not.
TEST(Infeasible, TheChangeNamedHelps) {
  int raised = 0;
  int bypassed = 0;
  for_each_seed(470000, 400, [&](std::uint64_t seed) {
    Triple t = random_triple(seed);
    Rng rng(seed);
    for (StorageLevel& level : t.accelerator.levels) {
      for (Memory& memory : level.memories) {
        if (&level != &t.accelerator.levels.front() && rng.chance(0.4)) {
          memory.capacity = Bits(rng.uniform(2, 40));
        }
      }
    }
    const auto found = obstacles(t.problem, t.accelerator, nullptr);
    const MapResult before = searches().at("random")(request_for(t.problem, t.accelerator, 10));
    ASSERT_EQ(before.mapping.has_value(), found.empty()) << describe(t);
    Accelerator less = t.accelerator;
    for (const Obstacle& o : found) {
      ASSERT_EQ(o.kind, Obstacle::Kind::kCapacity);
      StorageLevel& level = t.accelerator.levels[static_cast<std::size_t>(o.level)];
      if (o.can_bypass() && rng.chance(0.5)) {
        for (std::size_t r = 0; r < kRoles; ++r) {
          level.may_bypass[r] = level.may_bypass[r] || o.bypass[r];
        }
        less = t.accelerator;
        ++bypassed;
        continue;
      }
      Memory& memory = level.memories[static_cast<std::size_t>(o.index)];
      memory.capacity = Bits(o.raise_to);
      less = t.accelerator;
      less.levels[static_cast<std::size_t>(o.level)].memories[static_cast<std::size_t>(o.index)].capacity =
          Bits(o.raise_to - 1);
      ASSERT_FALSE(obstacles(t.problem, less, nullptr).empty()) << describe(t);
      ++raised;
    }
    ASSERT_TRUE(obstacles(t.problem, t.accelerator, nullptr).empty()) << describe(t);
    const MapResult after = searches().at("random")(request_for(t.problem, t.accelerator, 10));
    ASSERT_TRUE(after.mapping) << describe(t);
  });
  EXPECT_GE(raised, 50);
  EXPECT_GE(bypassed, 20);
}

}  // namespace
}  // namespace weft
