// Does the simulator take the cycles of the register-level arrays and give their outputs, on random products
// and tiles? Where Verilator is installed, tests/rtl holds both against the RTL.
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include <gtest/gtest.h>

#include "tests/sim/golden/output_stationary.hpp"
#include "tests/sim/golden/simulated.hpp"
#include "tests/sim/golden/weight_stationary.hpp"
#include "tests/support/generators.hpp"

namespace weft::testing {
namespace {

using Stationary = ArrayKind::Stationary;

ArrayRun run_golden(const ArrayKind& kind, const Product& product, const TileExtents& extents) {
  const ArrayShape shape{kind.size, kind.size, 8, 32, kind.double_buffered};
  if (kind.stationary == Stationary::kWeights) {
    GoldenWeightStationary array(shape);
    return run(array, product, weight_stationary_tiles(product, extents),
               {.cycles_per_row = kind.cycles_per_row});
  }
  GoldenOutputStationary array(shape);
  return run(array, product, output_stationary_tiles(product, extents));
}

// Tiles of any extents, small ones more often.
TileExtents random_extents(const ArrayKind& kind, const Product& p, Rng& rng) {
  const auto extent = [&](std::int64_t size, std::int64_t most) {
    return rng.uniform(1, std::min(size, rng.chance(0.5) ? most : std::min<std::int64_t>(most, 4)));
  };
  if (kind.stationary == Stationary::kOutputs) {
    return {extent(p.m, kind.size), extent(p.n, kind.size), p.k};
  }
  return {extent(p.m, p.m), extent(p.n, kind.size), extent(p.k, kind.size)};
}

void compare_random(const ArrayKind& kind, int runs = 100) {
  for_each_seed(1, runs, [&](std::uint64_t seed) {
    Rng rng(seed);
    const Product product =
        random_product(rng.uniform(1, 36), rng.uniform(1, 36), rng.uniform(1, 36), 8, rng);
    const TileExtents extents = random_extents(kind, product, rng);
    const ArrayRun golden = run_golden(kind, product, extents);
    const ArrayRun simulated = simulate(kind, product, extents);
    ASSERT_EQ(simulated.c, golden.c) << "seed " << seed;
    ASSERT_EQ(simulated.cycles, golden.cycles)
        << "seed " << seed << ": " << product.m << " x " << product.n << " x " << product.k << " in tiles of "
        << extents.m << " x " << extents.n << " x " << extents.k;
  });
}

TEST(Systolic, WeightStationary8x8) {
  compare_random({Stationary::kWeights, 8});
}
TEST(Systolic, WeightStationary16x16) {
  compare_random({Stationary::kWeights, 16});
}
TEST(Systolic, WeightStationarySingleBuffered) {
  compare_random({Stationary::kWeights, 8, false});
}
TEST(Systolic, WeightsThatArriveSlowly) {
  compare_random({Stationary::kWeights, 8, true, 2}, 50);
  compare_random({Stationary::kWeights, 8, true, 3}, 50);
  compare_random({Stationary::kWeights, 8, false, 2}, 50);
}
TEST(Systolic, OutputStationary8x8) {
  compare_random({Stationary::kOutputs, 8});
}
TEST(Systolic, OutputStationary16x16) {
  compare_random({Stationary::kOutputs, 16});
}

}  // namespace
}  // namespace weft::testing
