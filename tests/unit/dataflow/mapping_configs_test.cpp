// Does every mapping file that ships load for the layer it names, and is it legal there?
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/configs.hpp"
#include "dataflow/evaluate.hpp"
#include "dataflow/legality.hpp"
#include "workload/import.hpp"
#include "workload/presets.hpp"

namespace weft {
namespace {

struct Shipped {
  std::string file, arch, network, layer;
};
const std::vector<Shipped>& shipped() {
  static const std::vector<Shipped> kAll = {
      {"eyeriss_alexnet_conv3", "eyeriss", "alexnet", "conv3"},
      {"eyeriss_alexnet_jssc_conv1", "eyeriss", "alexnet_jssc", "conv1"},
      {"eyeriss_alexnet_jssc_conv2", "eyeriss", "alexnet_jssc", "conv2"},
      {"eyeriss_alexnet_jssc_conv3", "eyeriss", "alexnet_jssc", "conv3"},
      {"eyeriss_alexnet_jssc_conv4", "eyeriss", "alexnet_jssc", "conv4"},
      {"eyeriss_alexnet_jssc_conv5", "eyeriss", "alexnet_jssc", "conv5"},
      {"gemmini_resnet50_conv2_1b", "gemmini", "resnet50", "conv2_1b"},
  };
  return kAll;
}

TEST(MappingConfigs, AllAreListedHere) {
  std::vector<std::string> listed;
  for (const Shipped& one : shipped()) {
    listed.push_back(one.file);
  }
  EXPECT_THAT(preset_names("mapping"), ::testing::UnorderedElementsAreArray(listed));
}

TEST(MappingConfigs, LoadAndAreLegalForTheirLayer) {
  for (const Shipped& one : shipped()) {
    const Accelerator accelerator = load_accelerator(one.arch);
    const Network network = load_network(one.network);
    const auto layer = std::find_if(network.layers.begin(), network.layers.end(),
                                    [&](const Layer& candidate) { return candidate.name == one.layer; });
    ASSERT_TRUE(layer != network.layers.end() && layer->problem) << one.layer;
    const Problem& problem = *layer->problem;
    const Mapping mapping =
        load_mapping(configs_dir() / "mapping" / (one.file + ".yaml"), problem, accelerator);
    const auto found = check(mapping, problem, accelerator);
    ASSERT_FALSE(found) << one.file << ": " << explain(*found, problem, accelerator);
    EXPECT_EQ(count_actions(mapping, problem, accelerator).macs, macs(problem));
  }
}

// 13 of 14 columns and 4 sets of 3 rows work, 156 of 168.
TEST(MappingConfigs, RowStationaryUses156Units) {
  const Accelerator accelerator = load_accelerator("eyeriss");
  const Network network = network_presets().at("alexnet")({});
  const auto layer = std::find_if(network.layers.begin(), network.layers.end(),
                                  [](const Layer& candidate) { return candidate.name == "conv3"; });
  const Mapping mapping =
      load_mapping(configs_dir() / "mapping" / "eyeriss_alexnet_conv3.yaml", *layer->problem, accelerator);
  EXPECT_EQ(count_actions(mapping, *layer->problem, accelerator).compute_units_used, 13 * 4 * 3);
}

}  // namespace
}  // namespace weft
