// Is a network the sum of its blocks, and does every gene do what its name says?
// SPDX-License-Identifier: Apache-2.0
#include "dse/network_space.hpp"

#include <cmath>
#include <set>

#include <gtest/gtest.h>

#include "base/rng.hpp"
#include "dse/evaluator.hpp"
#include "workload/import.hpp"
#include "workload/once_for_all.hpp"

namespace weft {
namespace {

constexpr const char* kMachine = R"(
    accelerator: tiny
    clock: 1 GHz
    levels:
      - name: DRAM
        memory: {kind: dram, width: 64 b, shared_bandwidth: 16 B/cycle}
      - name: buffer
        memory: {capacity: ${buffer}, width: 64 b}
        fanout: {x: 8, y: 8}
)";

DesignSpace space_of(const std::string& network) {
  return parse_space("space: test\nnetwork: " + network + "\naccelerator:\n  text: |\n" + kMachine +
                         "  knobs: {buffer: [64 KiB]}\nmapper: {evaluations: 5}\n",
                     "test.yaml");
}

Genome random_genome(const DesignSpace& space, Rng& rng) {
  Genome genome;
  for (std::size_t gene = 0; gene < space.genes(); ++gene) {
    genome.push_back(static_cast<int>(rng.uniform(0, space.choices(gene) - 1)));
  }
  return genome;
}

class EverySpace : public ::testing::TestWithParam<const char*> {};

TEST_P(EverySpace, ANetworkCostsTheSumOfItsBlocks) {
  const DesignSpace space = space_of(GetParam());
  const Evaluator evaluator(space);
  Rng rng(3);
  for (int i = 0; i < 3; ++i) {
    const Genome genome = random_genome(space, rng);
    const auto bound = evaluator.optimistic(genome);
    const StudyPoint point = evaluator.evaluate(genome);
    const NetworkResult whole = evaluator.map(genome);
    EXPECT_TRUE(point.complete);
    EXPECT_EQ(point.cycles, whole.cycles);
    EXPECT_NEAR(point.energy_pj / whole.energy_pj, 1, 1e-12);
    EXPECT_LE(bound.point.cycles, point.cycles);
    EXPECT_LE(bound.point.energy_pj, point.energy_pj * (1 + 1e-12));
    EXPECT_EQ(bound.point.area_um2, point.area_um2);
    const auto known = evaluator.optimistic(genome);
    EXPECT_TRUE(known.known);
    EXPECT_EQ(known.point.cycles, point.cycles);
  }
}

TEST_P(EverySpace, GenesThatDecideNothingDoNotCount) {
  const DesignSpace space = space_of(GetParam());
  Rng rng(5);
  for (int i = 0; i < 10; ++i) {
    const Genome genome = random_genome(space, rng);
    Genome canonical = genome;
    space.network->canonicalise(canonical);
    EXPECT_EQ(print_yaml(space.network->build(genome)), print_yaml(space.network->build(canonical)));
    EXPECT_EQ(space.network->describe(genome), space.network->describe(canonical));
  }
}

INSTANTIATE_TEST_SUITE_P(
    Spaces, EverySpace,
    ::testing::Values(
        "{family: ofa_mobilenet_v3, choices: {resolution: [160, 224]}}", "{family: ofa_resnet50}",
        "{family: hat_wmt14}", "{family: hat_wmt14, accuracy: hat_wmt14_ende}",
        "{file: mobilenet_v1, weight_bits: [4, 8], activation_bits: [4, 8], weight_density: [0.5, 1]}",
        "{file: mobilenet_v1, channel_keep: [0.2, 0.5, 1], weight_bits: [4, 8]}",
        "{file: resnet50, per: network, channel_keep: [0.3, 1], channel_step: 16}",
        "{file: attention_block, per: network, activation_bits: [4, 8]}"));

// 3 depths of 9^d blocks in 5 stages, 5 resolutions; notes of the authors' papers say about 2e19 per
// resolution.
TEST(NetworkSpace, CountsDistinctNetworks) {
  const double stage = 81 + 729 + 6561;
  EXPECT_DOUBLE_EQ(space_of("{family: ofa_mobilenet_v3}").network->size(), 5 * std::pow(stage, 5));
  const DesignSpace small = space_of(
      "{family: ofa_mobilenet_v3, choices: {resolution: [160], \"kernel*\": [3], \"expand*\": [4], "
      "\"depth*\": [2, 3]}}");
  EXPECT_DOUBLE_EQ(small.network->size(), 32);
  std::set<std::string> distinct;
  for (int code = 0; code < 32; ++code) {
    Genome genome(small.genes(), 0);
    for (std::size_t stage_index = 0; stage_index < 5; ++stage_index) {
      genome[1 + stage_index] = (code >> stage_index) & 1;
    }
    distinct.insert(print_yaml(small.network->build(genome)));
  }
  EXPECT_EQ(distinct.size(), 32U);
}

// 2 widths of either side, 3 x 2 options in each of 6 encoder layers, 3 x 2 x 2 x 3 in each of up to 6
// decoder layers.
TEST(NetworkSpace, CountsTransformers) {
  const double encoders = 4 * std::pow(6, 6);
  double decoders = 0;
  for (int depth = 1; depth <= 6; ++depth) {
    decoders += std::pow(36, depth);
  }
  EXPECT_DOUBLE_EQ(space_of("{family: hat_wmt14}").network->size(), encoders * decoders);
}

// A supernet's table: its rows are the networks, and only rows that the supernet has.
TEST(NetworkSpace, MeasuredSubNetworksAreChosenAmong) {
  const DesignSpace space = space_of("{family: hat_wmt14, accuracy: hat_wmt14_ende}");
  EXPECT_EQ(space.network->size(), 13);
  EXPECT_EQ(space.accuracy->percent(*space.network, {0, 0}), 25.8);
  EXPECT_NE(space.accuracy->what().find("bleu"), std::string::npos);
  EXPECT_THROW(
      (void)space_of("{family: hat_wmt14, accuracy: hat_wmt14_ende, choices: {decoder_layers: [6]}}"),
      ConfigError);
}

TEST(NetworkSpace, LayersTakeTheirBitsAndTheirReadersWidth) {
  const DesignSpace space = space_of("{file: tiny_cnn, weight_bits: [2, 4], activation_bits: [3, 5]}");
  Genome genome(space.genes(), 0);
  const auto gene = [&](const std::string& name) -> int& {
    for (std::size_t i = 0; i < space.network_genes(); ++i) {
      if (space.network->genes()[i].name == name) {
        return genome[i];
      }
    }
    throw std::out_of_range(name);
  };
  const Network plain = load_network("tiny_cnn");
  const std::string second = plain.layers.at(1).name;
  gene("weight_bits." + second) = 1;
  gene("activation_bits." + second) = 1;
  const Network network = space.network->build(genome);
  EXPECT_EQ(network.layers[1].problem->tensor(Role::kWeights).bits, 4);
  EXPECT_EQ(network.layers[1].problem->tensor(Role::kInputs).bits, 5);
  EXPECT_EQ(network.layers[0].problem->tensor(Role::kOutputs).bits, 5);
  EXPECT_EQ(network.layers[0].problem->tensor(Role::kInputs).bits, 3);
}

}  // namespace
}  // namespace weft
