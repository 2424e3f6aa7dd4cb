// Do the totals of a network add up, for any number of threads?
// SPDX-License-Identifier: Apache-2.0
#include "workload/network.hpp"

#include <cmath>

#include <gtest/gtest.h>

#include "mapper/mapper.hpp"
#include "mapper/vector_work.hpp"
#include "workload/presets.hpp"

namespace weft {
namespace {

class NetworkTotals : public ::testing::Test {
 protected:
  NetworkRequest request(const Network& network, int threads) {
    NetworkRequest result;
    result.network = &network;
    result.layer.accelerator = &accelerator;
    result.layer.table = &table;
    result.layer.max_evaluations = 30;
    result.threads = threads;
    return result;
  }
  Accelerator accelerator = load_accelerator("gemmini");
  EnergyTable table = EnergyTable::load("default_45nm");
};

TEST_F(NetworkTotals, AreTheSameForAnyNumberOfThreads) {
  const Network network = network_presets().at("mobilenet_v2")({});
  const NetworkResult one = map_network(request(network, 1));
  const NetworkResult three = map_network(request(network, 3));
  EXPECT_EQ(one.cycles, three.cycles);
  EXPECT_EQ(one.energy_pj, three.energy_pj);
  ASSERT_EQ(one.layers.size(), three.layers.size());
  for (std::size_t i = 0; i < one.layers.size(); ++i) {
    ASSERT_EQ(one.layers[i].map.has_value(), three.layers[i].map.has_value());
    EXPECT_TRUE(!one.layers[i].map || one.layers[i].map->mapping == three.layers[i].map->mapping);
  }
}

TEST_F(NetworkTotals, SolveEqualProblemsOnce) {
  Network network = network_presets().at("resnet50")({});
  int solved = 0;
  NetworkRequest counted = request(network, 1);
  counted.solve = [&](const MapRequest& layer) {
    ++solved;
    return searches().at("random")(layer);
  };
  const NetworkResult result = map_network(counted);
  // 53 convolutions of 20 shapes and the classifier.
  EXPECT_LT(solved, 27);
  std::int64_t cycles = 0;
  double energy = 0;
  for (const LayerResult& layer : result.layers) {
    cycles += layer.cycles * layer.repeat;
    energy += layer.energy_pj * static_cast<double>(layer.repeat);
  }
  EXPECT_EQ(result.cycles, cycles);
  EXPECT_DOUBLE_EQ(result.energy_pj, energy);
  EXPECT_EQ(result.macs, macs(network));
  EXPECT_TRUE(result.complete);
}

TEST_F(NetworkTotals, CountRepeats) {
  Network network;
  network.layers.push_back({.name = "a", .problem = make_gemm({.m = 16, .n = 16, .k = 16})});
  const NetworkResult once = map_network(request(network, 1));
  network.layers[0].repeat = 12;
  const NetworkResult often = map_network(request(network, 1));
  EXPECT_EQ(often.cycles, 12 * once.cycles);
  EXPECT_DOUBLE_EQ(often.energy_pj, 12 * once.energy_pj);
}

// Gemmini's vector unit: 16 lanes at DRAM with 16 B/cycle each way. 1600 additions with 1600 more words of
// 8 bits to read: 1600/16 = 100 cycles of work, 1600 B / 16 B = 100 cycles of reading: 100.
TEST_F(NetworkTotals, FusedWorkOverlapsAndStandaloneWorkFollows) {
  Network network;
  network.layers.push_back({.name = "a", .problem = make_gemm({.m = 64, .n = 64, .k = 64})});
  const std::int64_t array = map_network(request(network, 1)).cycles;
  ASSERT_GT(array, 100);
  VectorOp add{.name = "add", .kind = VectorKind::kResidualAdd, .elements = 1600, .extra_input_words = 1000};
  network.layers[0].post_ops = {add};
  const NetworkResult fused = map_network(request(network, 1));
  EXPECT_EQ(fused.layers[0].vector.cycles, 100);
  EXPECT_EQ(fused.cycles, array);
  add.standalone = true;
  network.layers[0].post_ops = {add};
  EXPECT_EQ(map_network(request(network, 1)).cycles, array + 100);
  add.standalone = false;
  add.elements = 16 * array * 3;
  network.layers[0].post_ops = {add};
  EXPECT_EQ(map_network(request(network, 1)).cycles, 3 * array);
}

// A ranking unit takes its scores beside the lanes; without one the lanes compare. In the stream of results a
// pass over whole rows costs nothing that the array does not hide, but for a ranking that needs them all.
TEST_F(NetworkTotals, RankingUnitsAndStreamsOverlap) {
  Network network;
  network.layers.push_back({.name = "a", .problem = make_gemm({.m = 64, .n = 64, .k = 64})});
  const std::int64_t array = map_network(request(network, 1)).cycles;
  const VectorOp rank{.name = "rank",
                      .kind = VectorKind::kTopK,
                      .elements = 4096,
                      .standalone = true,
                      .rows = 64,
                      .keep = 16};
  const Ranking ranking{64, 64, 16};
  network.layers[0].post_ops = {rank};
  const double compared = 64 * expected_select(64, 16).looked_at;
  EXPECT_EQ(map_network(request(network, 1)).cycles,
            array + static_cast<std::int64_t>(std::ceil(std::ceil(compared) / 16)));
  accelerator.vector_unit.ranking = 4;
  EXPECT_EQ(map_network(request(network, 1)).cycles,
            array + static_cast<std::int64_t>(std::ceil(expected_cycles(ranking, 4))));
  accelerator.vector_unit.streams = true;
  const std::int64_t ranked = map_network(request(network, 1)).cycles;
  EXPECT_GT(ranked, array) << "a standalone ranking waits for all rows";
  VectorOp softmax{.name = "softmax",
                   .kind = VectorKind::kSoftmax,
                   .elements = 4096,
                   .ops_per_element = 1,
                   .standalone = true};
  network.layers[0].post_ops = {softmax};
  EXPECT_EQ(map_network(request(network, 1)).cycles, std::max<std::int64_t>(array, 4096 / 16));
}

TEST_F(NetworkTotals, AFailingSearchIsReportedFromAnyThread) {
  const Network network = network_presets().at("resnet18")({});
  NetworkRequest failing = request(network, 2);
  failing.solve = [](const MapRequest&) -> MapResult { throw std::runtime_error("no"); };
  EXPECT_THROW((void)map_network(failing), std::runtime_error);
}

}  // namespace
}  // namespace weft
