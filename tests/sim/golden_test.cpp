// Do the register-level arrays compute products, in the cycles that counting the registers on paper gives,
// and do stalls change cycles but never values? They are the golden reference of the RTL (tests/rtl) and of
// the simulator.
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include <gtest/gtest.h>

#include "tests/sim/golden/drive.hpp"
#include "tests/sim/golden/output_stationary.hpp"
#include "tests/sim/golden/weight_stationary.hpp"
#include "tests/support/generators.hpp"

namespace weft::testing {
namespace {

struct Case {
  ArrayShape shape;
  Product product;
  TileExtents extents;
};

Case random_case(std::uint64_t seed) {
  Rng rng(seed);
  Case result;
  result.shape.rows = static_cast<int>(rng.uniform(1, 16));
  result.shape.cols = static_cast<int>(rng.uniform(1, 16));
  result.shape.operand_bits = static_cast<int>(rng.uniform(2, 16));
  result.shape.sum_bits = static_cast<int>(rng.uniform(8, 48));
  result.shape.double_buffered = rng.uniform(0, 1) == 1;
  result.product = random_product(rng.uniform(1, 40), rng.uniform(1, 40), rng.uniform(1, 40),
                                  result.shape.operand_bits, rng);
  result.extents = {rng.uniform(1, 40), rng.uniform(1, result.shape.cols), 40};
  return result;
}

// Weights of the first tile shift in; a tile takes its M cycles, and where the next one's weights have not
// arrived by then, as many as they need; the last input of a tile leaves at column N - 1 after all rows.
std::int64_t weight_stationary_cycles(const Case& c, const std::vector<ArrayTile>& tiles) {
  std::int64_t begin = 0;  // of the inputs of a tile
  std::int64_t weights = tiles.front().k.size;
  std::int64_t end = 0;
  for (std::size_t i = 0; i < tiles.size(); ++i) {
    begin = std::max(begin, weights);
    const std::int64_t inputs_end = begin + tiles[i].m.size;
    end = std::max(end, inputs_end + c.shape.rows + tiles[i].n.size - 1);
    if (i + 1 < tiles.size()) {
      weights = (c.shape.double_buffered ? begin : inputs_end) + tiles[i + 1].k.size;
    }
    begin = inputs_end;
  }
  return end;
}

// A tile's last slice enters when the results of the one before have room; they leave ROWS cycles later.
std::int64_t output_stationary_cycles(const Case& c, const std::vector<ArrayTile>& tiles) {
  std::int64_t last = -1;  // slice of the tile before
  std::int64_t rows_before = 0;
  std::int64_t end = 0;
  for (const ArrayTile& tile : tiles) {
    last = std::max(last + tile.k.size, last + rows_before);
    end = std::max(end, last + c.shape.rows + tile.n.size - 1 + tile.m.size);
    rows_before = tile.m.size;
  }
  return end;
}

TEST(Golden, WeightStationaryTakesTheCyclesOfItsRegisters) {
  for_each_seed(1, 300, [](std::uint64_t seed) {
    Case c = random_case(seed);
    c.extents.k = Rng(seed).uniform(1, c.shape.rows);
    const auto tiles = weight_stationary_tiles(c.product, c.extents);
    GoldenWeightStationary array(c.shape);
    const ArrayRun result = run(array, c.product, tiles);
    ASSERT_EQ(result.c, product_of(c.product, c.shape.sum_bits)) << "seed " << seed;
    ASSERT_EQ(result.cycles, weight_stationary_cycles(c, tiles)) << "seed " << seed;
  });
}

TEST(Golden, OutputStationaryTakesTheCyclesOfItsRegisters) {
  for_each_seed(1, 300, [](std::uint64_t seed) {
    Case c = random_case(seed);
    c.extents.m = std::min<std::int64_t>(c.extents.m, c.shape.rows);
    const auto tiles = output_stationary_tiles(c.product, c.extents);
    GoldenOutputStationary array(c.shape);
    const ArrayRun result = run(array, c.product, tiles);
    ASSERT_EQ(result.c, product_of(c.product, c.shape.sum_bits)) << "seed " << seed;
    ASSERT_EQ(result.cycles, output_stationary_cycles(c, tiles)) << "seed " << seed;
  });
}

TEST(Golden, StallsChangeCyclesButNeverValues) {
  int slower = 0;
  for_each_seed(1, 200, [&](std::uint64_t seed) {
    Case c = random_case(seed);
    c.extents.k = Rng(seed).uniform(1, c.shape.rows);
    const Hesitation hesitation{0.3, 0.3, seed};
    GoldenWeightStationary weights(c.shape);
    const auto tiles = weight_stationary_tiles(c.product, c.extents);
    const ArrayRun stalled = run(weights, c.product, tiles, hesitation);
    ASSERT_EQ(stalled.c, product_of(c.product, c.shape.sum_bits)) << "seed " << seed;
    slower += stalled.cycles > weight_stationary_cycles(c, tiles) ? 1 : 0;
    c.extents.m = std::min<std::int64_t>(c.extents.m, c.shape.rows);
    GoldenOutputStationary outputs(c.shape);
    ASSERT_EQ(run(outputs, c.product, output_stationary_tiles(c.product, c.extents), hesitation).c,
              product_of(c.product, c.shape.sum_bits))
        << "seed " << seed;
  });
  EXPECT_GT(slower, 0);
}

}  // namespace
}  // namespace weft::testing
