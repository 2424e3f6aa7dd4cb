// Do the searches find mappings, good ones, and the same ones every time?
// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "mapper/mapper.hpp"
#include "workload/network.hpp"
#include "workload/presets.hpp"

namespace weft {
namespace {

const EnergyTable& table() {
  static const EnergyTable loaded = EnergyTable::load("default_45nm");
  return loaded;
}

MapRequest request_for(const Problem& problem, const Accelerator& accelerator, std::int64_t evaluations) {
  MapRequest request;
  request.problem = &problem;
  request.accelerator = &accelerator;
  request.table = &table();
  request.max_evaluations = evaluations;
  return request;
}

Problem conv3x3(std::int64_t channels, std::int64_t size) {
  return make_conv({.name = "conv3x3",
                    .in_channels = channels,
                    .out_channels = channels,
                    .in_h = size,
                    .in_w = size,
                    .kernel_h = 3,
                    .kernel_w = 3,
                    .pad_top = 1,
                    .pad_left = 1,
                    .pad_bottom = 1,
                    .pad_right = 1});
}

TEST(Search, FindsAMappingForEveryLayerOnEveryPreset) {
  for (const auto& [arch, summary] : accelerator_presets()) {
    const Accelerator accelerator = load_accelerator(arch);
    for (const auto& preset : network_presets().entries()) {
      const Network network = preset.item({});
      std::vector<const Problem*> done;
      for (const Layer& layer : network.layers) {
        const auto same = [&](const Problem* other) { return same_shape(*other, *layer.problem); };
        if (!layer.problem || std::any_of(done.begin(), done.end(), same)) {
          continue;
        }
        done.push_back(&*layer.problem);
        const MapResult result = searches().at("constructive")(request_for(*layer.problem, accelerator, 4));
        EXPECT_TRUE(result.mapping.has_value()) << arch << " " << preset.name << " " << layer.name;
      }
    }
  }
}

// Compulsory words of the outermost level: every weight and input once in, every output once out.
double compulsory_ratio(const MapResult& result, const Problem& problem) {
  const auto& outer = result.evaluation.counts.levels.front().tensors;
  std::int64_t moved = 0;
  std::int64_t needed = 0;
  for (const Role role : kAllRoles) {
    const auto& counts = outer[static_cast<std::size_t>(index_of(role))];
    moved += counts.reads + counts.updates;
    needed += words(problem.tensor(role));
  }
  return static_cast<double>(moved) / static_cast<double>(needed);
}

struct Goal {
  const char* arch;
  std::int64_t channels, size;
};

TEST(Search, UsesTheArrayAndTheBuffers) {
  for (const Goal& goal : {Goal{"gemmini", 64, 56}, Goal{"gemmini", 128, 28}, Goal{"gemmini", 256, 14},
                           Goal{"eyeriss", 64, 56}, Goal{"eyeriss", 128, 28}, Goal{"eyeriss", 256, 14}}) {
    const Problem problem = conv3x3(goal.channels, goal.size);
    const Accelerator accelerator = load_accelerator(goal.arch);
    const MapResult result = searches().at("constructive")(request_for(problem, accelerator, 20000));
    ASSERT_TRUE(result.mapping.has_value());
    EXPECT_GT(result.evaluation.utilization, 0.6)
        << goal.arch << " " << goal.size << " " << one_line(*result.mapping, problem, accelerator);
    EXPECT_LT(compulsory_ratio(result, problem), 2.0)
        << goal.arch << " " << goal.size << " " << one_line(*result.mapping, problem, accelerator);
  }
}

TEST(Search, BeatsRandomSamplingWithTheSameBudget) {
  for (const char* arch : {"gemmini", "eyeriss", "simba"}) {
    const Accelerator accelerator = load_accelerator(arch);
    const Problem problem = conv3x3(128, 28);
    const MapResult built = searches().at("constructive")(request_for(problem, accelerator, 400));
    const MapResult random = searches().at("random")(request_for(problem, accelerator, 400));
    ASSERT_TRUE(built.mapping && random.mapping);
    EXPECT_LT(built.cost, random.cost) << arch;
  }
}

TEST(Search, IsAFunctionOfTheRequest) {
  const Problem problem = conv3x3(96, 13);
  const Accelerator accelerator = load_accelerator("eyeriss");
  for (const char* name : {"constructive", "random"}) {
    const MapRequest request = request_for(problem, accelerator, 300);
    const MapResult first = searches().at(name)(request);
    const MapResult second = searches().at(name)(request);
    ASSERT_TRUE(first.mapping && second.mapping);
    EXPECT_EQ(*first.mapping, *second.mapping);
    EXPECT_EQ(first.cost, second.cost);
    EXPECT_EQ(first.evaluated, second.evaluated);
    EXPECT_EQ(first.rejected, second.rejected);
  }
}

TEST(Search, KeepsItsBudgetAndPricesWhatItReturns) {
  const Problem problem = conv3x3(64, 14);
  const Accelerator accelerator = load_accelerator("simba");
  for (const std::int64_t budget : {1, 10, 100}) {
    const MapRequest request = request_for(problem, accelerator, budget);
    const MapResult found = searches().at("constructive")(request);
    ASSERT_TRUE(found.mapping.has_value());
    // Construction prices two plans before it looks at the budget.
    EXPECT_LE(found.evaluated, std::max<std::int64_t>(budget, 2) + 1);
    const MapResult priced = price(request, *found.mapping);
    EXPECT_EQ(priced.cost, found.cost);
    EXPECT_EQ(priced.evaluation.counts, found.evaluation.counts);
    EXPECT_EQ(priced.gap, found.gap);
  }
}

TEST(Search, SaysWhatWasInTheWay) {
  Accelerator accelerator = load_accelerator("eyeriss");
  for (Memory& memory : accelerator.levels[1].memories) {
    memory.capacity = Bits(1);  // not one word
  }
  accelerator.levels[1].may_bypass = {false, false, false};
  const Problem problem = conv3x3(8, 8);
  const MapResult result = searches().at("constructive")(request_for(problem, accelerator, 50));
  EXPECT_FALSE(result.mapping.has_value());
  EXPECT_EQ(result.gap, 1);
  const auto capacity = static_cast<std::size_t>(Reason::kCapacity);
  EXPECT_GT(result.rejected[capacity], 0);
  ASSERT_TRUE(result.samples[capacity].has_value());
  EXPECT_EQ(result.samples[capacity]->level, 1);
}

TEST(Price, RejectsAnIllegalMapping) {
  const Accelerator accelerator = load_accelerator("eyeriss");
  const Problem problem = conv3x3(8, 8);
  const MapResult result = price(request_for(problem, accelerator, 1), empty_mapping(accelerator));
  EXPECT_FALSE(result.mapping.has_value());
  EXPECT_EQ(result.rejected[static_cast<std::size_t>(Reason::kCoverage)], 1);
}

}  // namespace
}  // namespace weft
