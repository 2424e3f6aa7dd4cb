// Are the Once-for-All networks those that their authors published?
// SPDX-License-Identifier: Apache-2.0
#include "workload/once_for_all.hpp"

#include <cmath>
#include <string>

#include <gtest/gtest.h>

#include "base/rng.hpp"

namespace weft {
namespace {

// Specialised networks released by the authors (net.config files of han-cai/files, ofa/ofa_specialized), as
// depths, and kernel and expansion of every block; millions of MACs and parameters as released.
struct Released {
  const char* name;
  double width;
  std::int64_t resolution;
  const char* depths;
  const char* kernels;
  const char* expansions;
  double macs_m, parameters_m;
};

const Released kReleased[] = {
    {"LG-G8_lat-8ms", 1.0, 144, "22322", "33555333737", "33433336464", 73.5, 4.09},
    {"flops-389M", 1.2, 224, "23344", "3355355355333373", "3336344364446663", 389.5, 8.34},
    {"flops-482M", 1.2, 224, "34444", "5335353553357357333", "3334443463366646663", 482.4, 9.02},
    {"flops-595M", 1.2, 236, "34444", "3535535753535733353", "3434463663466646663", 595.2, 9.08},
    {"note10_lat-30ms", 1.2, 224, "23334", "335335533333333", "334344436446643", 339.4, 7.43},
    {"note10_lat-64ms", 1.2, 260, "34444", "3335335553753333353", "3634633664466646663", 743.1, 9.06},
    {"note8_lat-65ms", 1.0, 204, "23334", "733537335335553", "334436646646443", 219.9, 5.26},
    {"pixel1_lat-143ms", 1.2, 240, "34444", "5335535753353533353", "3636663666466646663", 641.8, 9.17},
    {"pixel1_lat-28ms", 1.0, 160, "23224", "3373373353333", "3436436646436", 108.6, 5.17},
    {"s7edge_lat-88ms", 1.0, 192, "23344", "5353375555353733", "3466446366446664", 219.3, 6.39},
};

OfaMobileNetV3 config_of(const Released& released) {
  OfaMobileNetV3 config{.width = released.width, .resolution = released.resolution};
  std::size_t next = 0;
  for (int slot = 0; slot < OfaMobileNetV3::kSlots; ++slot) {
    const auto stage = static_cast<std::size_t>(slot / OfaMobileNetV3::kDepth);
    config.depth[stage] = released.depths[stage] - '0';
    const auto at = static_cast<std::size_t>(slot);
    if (config.active(slot)) {
      config.kernel[at] = released.kernels[next] - '0';
      config.expand[at] = released.expansions[next] - '0';
      ++next;
    }
  }
  EXPECT_EQ(next, std::string(released.kernels).size()) << released.name;
  return config;
}

// The authors count weights, but neither biases nor the scale and shift of norms.
std::int64_t weights_of(const Network& network) {
  std::int64_t count = 0;
  for (const Layer& layer : network.layers) {
    count += layer.problem ? words(layer.problem->tensor(Role::kWeights)) : 0;
  }
  return count;
}

TEST(OnceForAll, MobileNetV3HasThePublishedSizes) {
  for (const Released& released : kReleased) {
    const Network network = ofa_mobilenet_v3(config_of(released));
    EXPECT_NEAR(static_cast<double>(macs(network)) / 1e6, released.macs_m, 0.0501) << released.name;
    EXPECT_NEAR(static_cast<double>(weights_of(network)) / 1e6, released.parameters_m, 0.00501)
        << released.name;
  }
}

// ResNet-50D itself has 4.3 GMACs (He et al., "Bag of Tricks", CVPR 2019, table 5) and 25 576 264 parameters
// (torch image models, resnet50d); in this space it is depth 3-4-6-3, width 1, expansion 1/4.
OfaResNet50 resnet50d() {
  OfaResNet50 config;
  config.width.fill(1);
  config.expand.fill(0.25);
  config.depth = {1, 2, 2, 1};
  return config;
}

TEST(OnceForAll, ResNet50DIsAMember) {
  const Network network = ofa_resnet50(resnet50d());
  EXPECT_EQ(parameters(network), 25'576'264);
  EXPECT_NEAR(static_cast<double>(macs(network)) / 1e9, 4.3, 0.05);
}

TEST(OnceForAll, SlotsBeyondTheDepthHaveNoEffect) {
  OfaResNet50 config = resnet50d();
  const std::string before = print_yaml(ofa_resnet50(config));
  config.expand[3] = 0.35;  // stage 1 has 3 of its 4 slots
  EXPECT_EQ(print_yaml(ofa_resnet50(config)), before);
  config.expand[2] = 0.35;
  EXPECT_NE(print_yaml(ofa_resnet50(config)), before);
}

// Layers without what only the whole network has: names and edges.
std::string anonymous(Network network) {
  for (Layer& layer : network.layers) {
    layer.name = "x";
    layer.inputs.clear();
    if (layer.problem) {
      layer.problem->name = "x";
    }
  }
  std::string text;
  for (const Layer& layer : network.layers) {
    text += print_yaml(Network{.name = "n", .layers = {layer}, .unknown = {}});
  }
  return text;
}

template <class Config>
std::string parts_of(const Config& config) {
  std::string text;
  for (int part = 0; part < Config::kParts; ++part) {
    text += anonymous(ofa_part(config, part));
  }
  return text;
}

TEST(OnceForAll, PartsAreTheNetwork) {
  Rng rng(7);
  for (int i = 0; i < 20; ++i) {
    OfaMobileNetV3 v3{.resolution = 32 * rng.uniform(4, 8)};
    OfaResNet50 resnet{.resolution = 16 * rng.uniform(8, 16), .stem_skip = rng.chance(0.5)};
    for (int& depth : v3.depth) {
      depth = static_cast<int>(rng.uniform(2, 4));
    }
    for (std::size_t slot = 0; slot < v3.kernel.size(); ++slot) {
      v3.kernel[slot] = 1 + 2 * rng.uniform(1, 3);
      v3.expand[slot] = rng.uniform(3, 6);
    }
    for (double& width : resnet.width) {
      width = rng.pick(std::vector<double>{0.65, 0.8, 1});
    }
    for (int& depth : resnet.depth) {
      depth = static_cast<int>(rng.uniform(0, 2));
    }
    for (double& expand : resnet.expand) {
      expand = rng.pick(std::vector<double>{0.2, 0.25, 0.35});
    }
    EXPECT_EQ(parts_of(v3), anonymous(ofa_mobilenet_v3(v3)));
    EXPECT_EQ(parts_of(resnet), anonymous(ofa_resnet50(resnet)));
  }
}

}  // namespace
}  // namespace weft
