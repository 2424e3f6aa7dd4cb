// Does the ski slope hold against all even mappings of a two-level machine, counted by the model?
// SPDX-License-Identifier: Apache-2.0
#include "mapper/ski_slope.hpp"

#include <algorithm>
#include <cstdlib>

#include <gtest/gtest.h>

#include "dataflow/evaluate.hpp"
#include "dataflow/tile_extents.hpp"
#include "tests/support/generators.hpp"

namespace weft {
namespace {

// The machine of the definition: everything outside, and one buffer that reuses halos.
Accelerator two_levels() {
  Accelerator machine;
  for (const char* name : {"outer", "buffer"}) {
    Memory memory;
    memory.name = name;
    memory.holds = {true, true, true};
    memory.buffering = Buffering::kBuffet;
    StorageLevel level;
    level.name = name;
    level.memories = {memory};
    machine.levels.push_back(level);
  }
  machine.levels[1].memories[0].accumulator_width = Bits(20);
  return machine;
}

std::vector<int> large_dims(const Problem& problem) {
  std::vector<int> dims;
  for (int dim = 0; dim < problem.rank(); ++dim) {
    if (problem.size(dim) > 1) {
      dims.push_back(dim);
    }
  }
  return dims;
}

SlopePoint price_of(const Mapping& mapping, const Problem& problem, const Accelerator& machine,
                    const SlopeWidths& widths) {
  SlopePoint point;
  TileExtents tile;
  tile.enclose(mapping.levels[1]);
  const ActionCounts counts = count_actions(mapping, problem, machine);
  for (const Role role : kAllRoles) {
    const auto r = static_cast<std::size_t>(index_of(role));
    const TensorCounts& outer = counts.levels[0].tensors[r];
    point.capacity_bits += words_inside(problem.tensor(role), tile) * widths.buffer[r];
    point.words += outer.reads + outer.updates;
    point.bits += (outer.reads + outer.updates) * widths.outer[r];
  }
  return point;
}

// Every tile of divisors in every order of the outer loops, the best order of each tile.
std::vector<SlopePoint> all_mappings(const Problem& problem, const Accelerator& machine) {
  const SlopeWidths widths = slope_widths(problem, machine);
  const std::vector<int> dims = large_dims(problem);
  std::vector<SlopePoint> points;
  std::vector<std::int64_t> tile(dims.size(), 1);
  while (true) {
    Mapping mapping = empty_mapping(machine);
    std::vector<Loop> outer;
    for (std::size_t i = 0; i < dims.size(); ++i) {
      const std::int64_t size = problem.size(dims[i]);
      if (tile[i] > 1) {
        mapping.levels[1].temporal.push_back({dims[i], tile[i]});
      }
      if (tile[i] < size) {
        outer.push_back({dims[i], size / tile[i]});
      }
    }
    SlopePoint best;
    do {
      mapping.levels[0].temporal = outer;
      const SlopePoint point = price_of(mapping, problem, machine, widths);
      const bool first = best.words == 0;
      best = {point.capacity_bits, first ? point.words : std::min(best.words, point.words),
              first ? point.bits : std::min(best.bits, point.bits)};
    } while (std::next_permutation(outer.begin(), outer.end(),
                                   [](const Loop& a, const Loop& b) { return a.dim < b.dim; }));
    points.push_back(best);
    std::size_t i = 0;
    for (; i < dims.size(); ++i) {
      const std::int64_t size = problem.size(dims[i]);
      do {
        ++tile[i];
      } while (tile[i] <= size && size % tile[i] != 0);
      if (tile[i] <= size) {
        break;
      }
      tile[i] = 1;
    }
    if (i == dims.size()) {
      return points;
    }
  }
}

// The least of all mappings at every capacity at which one of them begins to fit.
void compare(const Problem& problem, const std::string& what) {
  const Accelerator machine = two_levels();
  const SkiSlope slope = ski_slope(problem, slope_widths(problem, machine));
  std::vector<SlopePoint> mappings = all_mappings(problem, machine);
  std::stable_sort(mappings.begin(), mappings.end(), [](const SlopePoint& a, const SlopePoint& b) {
    return a.capacity_bits < b.capacity_bits;
  });
  ASSERT_EQ(slope.points.front().capacity_bits, mappings.front().capacity_bits) << what;
  SlopePoint best = mappings.front();
  for (std::size_t i = 0; i < mappings.size(); ++i) {
    best.words = std::min(best.words, mappings[i].words);
    best.bits = std::min(best.bits, mappings[i].bits);
    if (i + 1 < mappings.size() && mappings[i + 1].capacity_bits == mappings[i].capacity_bits) {
      continue;
    }
    const SlopePoint bound = *slope.at(mappings[i].capacity_bits);
    ASSERT_LE(bound.words, best.words) << what << " at " << mappings[i].capacity_bits << " b";
    ASSERT_LE(bound.bits, best.bits) << what << " at " << mappings[i].capacity_bits << " b";
    if (slope.exact) {
      ASSERT_EQ(bound.words, best.words) << what << " at " << mappings[i].capacity_bits << " b";
      ASSERT_EQ(bound.bits, best.bits) << what << " at " << mappings[i].capacity_bits << " b";
    }
  }
  EXPECT_EQ(slope.compulsory().words, best.words) << what;
  EXPECT_EQ(slope.compulsory().bits, best.bits) << what;
  for (std::size_t i = 1; i < slope.points.size(); ++i) {
    const SlopePoint& before = slope.points[i - 1];
    const SlopePoint& point = slope.points[i];
    EXPECT_GT(point.capacity_bits, before.capacity_bits);
    EXPECT_LE(point.words, before.words);
    EXPECT_LE(point.bits, before.bits);
    EXPECT_TRUE(point.words < before.words || point.bits < before.bits);
  }
}

// Few enough dims for all orders.
bool small_enough(const Problem& problem) {
  return large_dims(problem).size() <= 5 && macs(problem) <= 2000;
}

void compare(std::uint64_t seed, const Problem& problem) {
  testing::Triple triple{.seed = seed, .problem = problem, .accelerator = two_levels(), .mapping = {}};
  triple.mapping = empty_mapping(triple.accelerator);
  compare(problem, testing::describe(triple));
}

TEST(SkiSlope, IsBelowAllEvenMappingsAndReachedWithoutHalos) {
  int exact = 0;
  int bounded = 0;
  testing::for_each_seed(1, 600, [&](std::uint64_t seed) {
    Rng rng(seed);
    const Problem problem = testing::random_problem(rng);
    if (small_enough(problem)) {
      const SkiSlope slope = ski_slope(problem, slope_widths(problem, two_levels()));
      (slope.exact ? exact : bounded) += 1;
      compare(seed, problem);
    }
  });
  if (std::getenv("WEFT_SEED") == nullptr) {
    EXPECT_GT(exact, 100);
    EXPECT_GT(bounded, 100);
  }
}

// Windows whose positions and taps have many divisors, so that both are cut: with strides, dilations and
// padding, tiles of one rank may then be equal, or hold nothing.
TEST(SkiSlope, HoldsForWindowsCutBothWays) {
  static const std::vector<std::int64_t> kSizes = {2, 3, 4, 6, 8};
  testing::for_each_seed(1, 500, [&](std::uint64_t seed) {
    Rng rng(seed);
    ConvShape s{.name = "conv"};
    const bool plane = rng.chance(0.5);
    s.out_channels = rng.uniform(1, plane ? 2 : 4);
    s.in_channels = plane ? 1 : rng.uniform(1, 4);
    s.kernel_h = rng.pick(kSizes);
    s.stride_h = rng.uniform(1, 3);
    s.dilation_h = rng.uniform(1, 3);
    s.pad_top = rng.chance(0.5) ? rng.uniform(0, 6) : 0;
    s.pad_bottom = rng.chance(0.5) ? rng.uniform(0, 6) : 0;
    const std::int64_t positions = rng.pick(kSizes);
    s.in_h = std::max<std::int64_t>(
        1, s.stride_h * (positions - 1) + s.dilation_h * (s.kernel_h - 1) + 1 - s.pad_top - s.pad_bottom);
    if (plane) {
      s.kernel_w = rng.uniform(2, 4);
      s.in_w = s.kernel_w + rng.uniform(1, 3);
    }
    if (out_h(s) >= 1) {
      const Problem problem = make_conv(s);
      if (small_enough(problem)) {
        compare(seed, problem);
      }
    }
  });
}

// Dims that a single tensor mentions leave two tensors alone, so two can be stationary at once.
TEST(SkiSlope, IsReachedWithDimsOfOneTensor) {
  testing::for_each_seed(1, 60, [&](std::uint64_t seed) {
    Rng rng(seed);
    const auto size = [&rng] { return rng.pick(std::vector<std::int64_t>{1, 2, 3, 4, 6}); };
    const Problem problem = make_einsum(
        {.name = "einsum",
         .equation = "abxg,bcyg->acg",
         .sizes = {
             {"a", size()}, {"b", size()}, {"c", size()}, {"x", size()}, {"y", size()}, {"g", size()}}});
    if (small_enough(problem)) {
      ASSERT_TRUE(ski_slope(problem, slope_widths(problem, two_levels())).exact);
      compare(seed, problem);
    }
  });
}

// Two layers, one of them three times: 3 a + b wherever both have a point.
TEST(SkiSlope, AddsUpOverLayers) {
  const Accelerator machine = two_levels();
  const Problem first = make_gemm({.m = 12, .n = 6, .k = 8});
  const Problem second = make_gemm({.m = 5, .n = 7, .k = 4});
  const SkiSlope a = ski_slope(first, slope_widths(first, machine));
  const SkiSlope b = ski_slope(second, slope_widths(second, machine));
  const SkiSlope both = sum({{&a, 3}, {&b, 1}});
  EXPECT_EQ(both.compulsory().words, 3 * a.compulsory().words + b.compulsory().words);
  EXPECT_FALSE(both.at(both.points.front().capacity_bits - 1).has_value());
  for (std::int64_t capacity = both.points.front().capacity_bits; capacity < 4000; ++capacity) {
    EXPECT_EQ(both.at(capacity)->words, 3 * a.at(capacity)->words + b.at(capacity)->words);
    EXPECT_EQ(both.at(capacity)->bits, 3 * a.at(capacity)->bits + b.at(capacity)->bits);
  }
}

TEST(SkiSlope, RefusesWhatTakesTooLong) {
  const auto slope_of = [](const Problem& problem) {
    return ski_slope(problem, slope_widths(problem, two_levels()));
  };
  // 720720 has 240 divisors: 240^3 shapes. A trillion has 169.
  EXPECT_THROW((void)slope_of(make_gemm({.m = 720720, .n = 720720, .k = 720720})), TooManyTiles);
  EXPECT_THROW((void)slope_of(make_gemm({.m = kMaxSlopeSize + 1})), TooManyTiles);
  EXPECT_EQ(slope_of(make_gemm({.m = 1'000'000'000'000, .n = 1000})).tiles, 169 * 16);
}

}  // namespace
}  // namespace weft
