// What holds for every mapping: files load back equal, loops of bound 1 and the order of memories mean
// nothing, the generator draws what it promises.
// SPDX-License-Identifier: Apache-2.0
#include "dataflow/mapping.hpp"

#include <algorithm>
#include <map>

#include <gtest/gtest.h>

#include "base/checked.hpp"
#include "dataflow/evaluate.hpp"
#include "tests/support/generators.hpp"

namespace weft {
namespace {

using testing::for_each_seed;
using testing::random_triple;
using testing::Triple;

ActionCounts counted(const Triple& t) {
  return count_actions(t.mapping, t.problem, t.accelerator);
}

TEST(MappingProperty, PrintedMappingsLoadBackEqual) {
  for_each_seed(10000, 500, [](std::uint64_t seed) {
    const Triple t = random_triple(seed);
    const std::string text = print_yaml(t.mapping, t.problem, t.accelerator);
    ASSERT_EQ(parse_mapping(text, "printed", t.problem, t.accelerator), t.mapping) << text;
  });
}

TEST(MappingProperty, BoundsCoverEachDimWithoutASpareTile) {
  for_each_seed(10000, 500, [](std::uint64_t seed) {
    const Triple t = random_triple(seed);
    for (int d = 0; d < t.problem.rank(); ++d) {
      std::int64_t product = 1;
      std::int64_t outermost = 0;
      const auto multiply = [&](int dim, std::int64_t bound) {
        product *= dim == d ? bound : 1;
        outermost = dim == d && outermost == 0 && bound > 1 ? bound : outermost;
      };
      for (const LevelMapping& level : t.mapping.levels) {
        for (const Loop& loop : level.temporal) {
          multiply(loop.dim, loop.bound);
        }
        for (const SpatialLoop& loop : level.spatial) {
          multiply(loop.dim, loop.bound);
        }
      }
      ASSERT_GE(product, t.problem.size(d)) << testing::describe(t);
      if (outermost > 0) {
        ASSERT_LT(product / outermost * (outermost - 1), t.problem.size(d)) << testing::describe(t);
      }
    }
  });
}

TEST(MappingProperty, LoopsOfBoundOneMeanNothing) {
  for_each_seed(20000, 500, [](std::uint64_t seed) {
    const Triple t = random_triple(seed);
    Triple padded = t;
    Rng rng(seed);
    for (LevelMapping& level : padded.mapping.levels) {
      const auto dim = [&] { return static_cast<int>(rng.uniform(0, t.problem.rank() - 1)); };
      const auto at = rng.uniform(0, static_cast<std::int64_t>(level.temporal.size()));
      level.temporal.insert(level.temporal.begin() + at, Loop{dim(), 1});
      level.spatial.push_back({dim(), 1, Axis::kY});
    }
    ASSERT_FALSE(check(padded.mapping, padded.problem, padded.accelerator));
    ASSERT_EQ(counted(padded), counted(t)) << testing::describe(t);
    ASSERT_EQ(one_line(padded.mapping, padded.problem, padded.accelerator),
              one_line(t.mapping, t.problem, t.accelerator));
  });
}

TEST(MappingProperty, OrderOfMemoriesAndAxesMeanNothing) {
  for_each_seed(30000, 500, [](std::uint64_t seed) {
    const Triple t = random_triple(seed);
    Triple turned = t;
    for (StorageLevel& level : turned.accelerator.levels) {
      std::reverse(level.memories.begin(), level.memories.end());
      std::swap(level.fanout.x, level.fanout.y);
    }
    for (LevelMapping& level : turned.mapping.levels) {
      for (SpatialLoop& loop : level.spatial) {
        loop.axis = loop.axis == Axis::kX ? Axis::kY : Axis::kX;
      }
    }
    ASSERT_FALSE(check(turned.mapping, turned.problem, turned.accelerator));
    ASSERT_EQ(counted(turned), counted(t)) << testing::describe(t);
  });
}

// Which features a triple has, by name.
std::vector<std::string> features(const Triple& t) {
  std::vector<std::string> found = {t.problem.kind, std::to_string(t.accelerator.depth()) + " levels"};
  std::map<int, std::int64_t> product;
  std::map<int, int> loops;
  for (std::size_t l = 0; l < t.mapping.levels.size(); ++l) {
    const LevelMapping& level = t.mapping.levels[l];
    const StorageLevel& machine = t.accelerator.levels[l];
    for (const Loop& loop : level.temporal) {
      product[loop.dim] = std::max<std::int64_t>(1, product[loop.dim]) * loop.bound;
      loops[loop.dim] += loop.bound > 1 ? 1 : 0;
    }
    for (const SpatialLoop& loop : level.spatial) {
      product[loop.dim] = std::max<std::int64_t>(1, product[loop.dim]) * loop.bound;
      loops[loop.dim] += loop.bound > 1 ? 1 : 0;
      if (loop.bound > 1) {
        found.emplace_back(loop.axis == Axis::kX ? "spread over X" : "spread over Y");
        found.emplace_back(class_of(t.problem, loop.dim) == DimClass::kReduction ? "spatial reduction" : "");
        found.emplace_back(machine.fanout.multicast_unit == MulticastUnit::kTile ? "shared by tile" : "");
        for (const NetworkKind kind : machine.fanout.network) {
          found.emplace_back(name_of(kind));
        }
      }
    }
    for (const Memory& memory : machine.memories) {
      found.emplace_back(name_of(memory.buffering));
      found.emplace_back(memory.halo == Halo::kReuse ? "halo reuse" : "halo refetch");
      found.emplace_back(memory.read_bandwidth ? "bounded reads" : "unbounded reads");
    }
    found.emplace_back(machine.memories.size() > 1 ? "side by side" : "");
    for (const Role role : kAllRoles) {
      const bool keeps = level.keep[static_cast<std::size_t>(index_of(role))];
      found.emplace_back(machine.memory_for(role) != nullptr && !keeps ? "bypass" : "");
    }
  }
  for (const auto& [dim, bound] : product) {
    found.emplace_back(bound > t.problem.size(dim) ? "partial tiles" : "");
    found.emplace_back(loops[dim] > 2 ? "three loops of a dim" : "");
  }
  for (const Rank& rank : t.problem.tensor(Role::kInputs).ranks) {
    found.emplace_back(rank.offset < 0 ? "padding" : "");
    found.emplace_back(rank.terms.front().coeff > 1 ? "stride" : "");
    found.emplace_back(rank.terms.back().coeff > 1 && rank.terms.size() > 1 ? "dilation" : "");
  }
  std::sort(found.begin(), found.end());
  found.erase(std::unique(found.begin(), found.end()), found.end());
  return found;
}

// A property that holds for lack of cases is worth nothing: each of these must be there in 3 % or more.
TEST(MappingProperty, GeneratorCoversTheFeatures) {
  std::map<std::string, int> seen;
  constexpr int kDrawn = 1000;
  for (std::uint64_t seed = 1; seed <= kDrawn; ++seed) {
    for (const std::string& feature : features(random_triple(seed))) {
      ++seen[feature];
    }
  }
  for (const char* feature : {"conv",           "depthwise",
                              "gemm",           "matmul",
                              "2 levels",       "3 levels",
                              "4 levels",       "spread over X",
                              "spread over Y",  "spatial reduction",
                              "shared by tile", "unicast",
                              "multicast",      "systolic",
                              "reducing",       "single",
                              "double",         "buffet",
                              "halo reuse",     "halo refetch",
                              "bounded reads",  "unbounded reads",
                              "side by side",   "bypass",
                              "partial tiles",  "three loops of a dim",
                              "padding",        "stride",
                              "dilation"}) {
    EXPECT_GE(seen[feature], kDrawn * 3 / 100) << feature;
  }
}

}  // namespace
}  // namespace weft
