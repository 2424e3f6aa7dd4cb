// Is the lower bound below every mapping, and close to good ones?
// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "mapper/mapper.hpp"
#include "tests/support/generators.hpp"

namespace weft {
namespace {

MapRequest request_for(const testing::Triple& triple, const EnergyTable& table) {
  MapRequest request;
  request.problem = &triple.problem;
  request.accelerator = &triple.accelerator;
  request.table = &table;
  return request;
}

TEST(Bound, NoMappingIsBelowIt) {
  const EnergyTable table = EnergyTable::load("default_45nm");
  testing::for_each_seed(1, 1500, [&](std::uint64_t seed) {
    const testing::Triple triple = testing::random_triple(seed);
    MapRequest request = request_for(triple, table);
    if (seed % 2 == 0) {
      request.model = EvaluateOptions::timeloop();
    }
    const Bound bound = lower_bound(request);
    const MapResult priced = price(request, triple.mapping);
    ASSERT_TRUE(priced.mapping.has_value());
    EXPECT_LE(bound.cycles, priced.evaluation.timing.cycles) << testing::describe(triple);
    EXPECT_LE(bound.energy_pj, priced.energy.total) << testing::describe(triple);
    EXPECT_GE(priced.gap, 0) << testing::describe(triple);
    EXPECT_LT(priced.gap, 1);
  });
}

TEST(Bound, NoMappingThatASearchFindsIsBelowIt) {
  const EnergyTable table = EnergyTable::load("default_45nm");
  testing::for_each_seed(1, 40, [&](std::uint64_t seed) {
    const testing::Triple triple = testing::random_triple(seed);
    for (const std::string& name : objective_names()) {
      MapRequest request = request_for(triple, table);
      request.objective = static_cast<Objective>(
          std::find(objective_names().begin(), objective_names().end(), name) - objective_names().begin());
      request.max_evaluations = 150;
      const MapResult found = searches().at("constructive")(request);
      ASSERT_TRUE(found.mapping.has_value()) << testing::describe(triple);
      EXPECT_LE(found.lower_bound, found.cost) << name << testing::describe(triple);
    }
  });
}

// Where outputs leave a level for nothing, a slow read port of their memory bounds nothing.
TEST(Bound, HoldsWhereDrainsAreFree) {
  const EnergyTable table = EnergyTable::load("default_45nm");
  const Problem problem = make_gemm({.m = 4, .n = 4, .k = 1});
  const Accelerator accelerator = parse_accelerator(
      "accelerator: two\nclock: 1 GHz\ntechnology: 45 nm\nvoltage: 0.9 V\nlevels:\n"
      "  - name: DRAM\n    memory: {kind: dram, width: 64 b}\n"
      "  - name: L1\n    memories:\n"
      "      - {name: w, width: 64 b, holds: [weights]}\n      - {name: i, width: 64 b, holds: [inputs]}\n"
      "      - {name: o, width: 64 b, holds: [outputs], read_bandwidth: 1 b/cycle}\n"
      "compute: {name: mac, weight_width: 8 b, input_width: 8 b, output_width: 32 b, latency: 1 cycle}\n"
      "vector_unit: {lanes: 1, level: DRAM}\n",
      "two.yaml");
  MapRequest request;
  request.problem = &problem;
  request.accelerator = &accelerator;
  request.table = &table;
  request.model = EvaluateOptions::timeloop();
  const MapResult found = searches().at("exact")(request);
  ASSERT_TRUE(found.mapping.has_value());
  EXPECT_LE(lower_bound(request).cycles, found.evaluation.timing.cycles);
}

// One level, one unit, no traffic limits: 4 x 4 x 4 MACs take 64 cycles, and the bound says so.
TEST(Bound, IsTightForASingleUnit) {
  const EnergyTable table = EnergyTable::load("default_45nm");
  const Problem problem = make_gemm({.m = 4, .n = 4, .k = 4});
  const Accelerator accelerator = parse_accelerator(
      "accelerator: one\nclock: 1 GHz\ntechnology: 45 nm\nvoltage: 0.9 V\nlevels:\n"
      "  - name: DRAM\n    memory: {kind: dram, width: 64 b}\n"
      "compute: {name: mac, weight_width: 8 b, input_width: 8 b, output_width: 32 b, latency: 1 cycle}\n"
      "vector_unit: {lanes: 1, level: DRAM}\n",
      "one.yaml");
  MapRequest request;
  request.problem = &problem;
  request.accelerator = &accelerator;
  request.table = &table;
  EXPECT_EQ(lower_bound(request).cycles, 64);
}

// 1 J for 2e9 cycles at 1 GHz: 2 s.
TEST(Objective, MultipliesEnergyAndTime) {
  EXPECT_DOUBLE_EQ(objective_value(Objective::kEnergy, 1e12, 2'000'000'000, Hertz(1e9)), 1e12);
  EXPECT_DOUBLE_EQ(objective_value(Objective::kLatency, 1e12, 2'000'000'000, Hertz(1e9)), 2);
  EXPECT_DOUBLE_EQ(objective_value(Objective::kEdp, 1e12, 2'000'000'000, Hertz(1e9)), 2);
  EXPECT_DOUBLE_EQ(objective_value(Objective::kEd2p, 1e12, 2'000'000'000, Hertz(1e9)), 4);
}

}  // namespace
}  // namespace weft
