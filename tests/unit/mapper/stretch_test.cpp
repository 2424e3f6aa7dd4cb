// Do tiles that need not divide save what even ones cannot, and cost what the model says?
// SPDX-License-Identifier: Apache-2.0
#include "mapper/stretch.hpp"

#include <algorithm>

#include <gtest/gtest.h>

#include "mapper/exact/exact.hpp"
#include "tests/support/generators.hpp"
#include "workload/network.hpp"
#include "workload/presets.hpp"

namespace weft {
namespace {

const EnergyTable& table() {
  static const EnergyTable loaded = EnergyTable::load("default_45nm");
  return loaded;
}

MapRequest request_for(const Problem& problem, const Accelerator& accelerator) {
  MapRequest request;
  request.problem = &problem;
  request.accelerator = &accelerator;
  request.table = &table();
  return request;
}

// Does every temporal bound divide what the loops further in leave?
bool divides(const Mapping& mapping, int dim, std::int64_t left) {
  for (std::size_t level = mapping.levels.size(); level-- > 0;) {
    for (const SpatialLoop& loop : mapping.levels[level].spatial) {
      left = loop.dim == dim ? (left + loop.bound - 1) / loop.bound : left;
    }
    for (const Loop& loop : mapping.levels[level].temporal) {
      if (loop.dim == dim && level > 0 && left % loop.bound != 0) {
        return false;
      }
      left = loop.dim == dim ? (left + loop.bound - 1) / loop.bound : left;
    }
  }
  return true;
}

// Does the dim have no temporal loop but at the innermost level?
bool is_all_in(const Mapping& mapping, int dim) {
  return std::none_of(mapping.levels.begin(), mapping.levels.end() - 1, [&](const LevelMapping& level) {
    return std::any_of(level.temporal.begin(), level.temporal.end(),
                       [&](const Loop& loop) { return loop.dim == dim && loop.bound > 1; });
  });
}

bool is_even(const Mapping& mapping, const Problem& problem) {
  for (int dim = 0; dim < problem.rank(); ++dim) {
    if (!divides(mapping, dim, problem.size(dim)) && !is_all_in(mapping, dim)) {
      return false;
    }
  }
  return true;
}

TEST(Stretch, NeverAnswersWithLessThanItWasGivenAndPricesWhatItReturns) {
  int better = 0;
  testing::for_each_seed(1, 300, [&](std::uint64_t seed) {
    const testing::Triple one = testing::random_triple(seed);
    MapRequest request = request_for(one.problem, one.accelerator);
    const MapResult given = price(request, one.mapping);
    ASSERT_TRUE(given.mapping);
    request.start = one.mapping;
    request.max_evaluations = 40;
    const MapResult found = stretch(request);
    ASSERT_TRUE(found.mapping);
    EXPECT_LE(found.cost, given.cost);
    EXPECT_EQ(price(request, *found.mapping).cost, found.cost);
    better += found.cost < given.cost ? 1 : 0;
  });
  EXPECT_GT(better, 30);
}

// Layers of which the best even mapping leaves much of a buffer empty, because the next larger tile of 56
// rows or 256 channels that divides does not fit.
TEST(Stretch, SavesWhatEvenTilesCannot) {
  const Accelerator accelerator = load_accelerator("eyeriss");
  const Network network = network_presets().at("resnet50")({});
  for (const char* name : {"conv3_1s", "conv4_1a", "conv4_1s"}) {
    const auto layer = std::find_if(network.layers.begin(), network.layers.end(),
                                    [&](const Layer& one) { return one.name == name; });
    const MapRequest request = request_for(*layer->problem, accelerator);
    const MapResult even = exact::solve(request, {.rules = {}, .polish_evaluations = 0});
    const MapResult stretched = exact::solve(request, {.rules = {}});
    EXPECT_TRUE(is_even(*even.mapping, *layer->problem)) << name;
    EXPECT_FALSE(is_even(*stretched.mapping, *layer->problem)) << name;
    EXPECT_FALSE(even.certificate.outside) << name;
    EXPECT_TRUE(stretched.certificate.outside) << name;
    EXPECT_LT(stretched.cost, 0.98 * even.cost) << name;
  }
}

}  // namespace
}  // namespace weft
