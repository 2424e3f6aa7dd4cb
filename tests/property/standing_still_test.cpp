// Steps that leave a tile where it was: never more than the bound takes off. Held against walking through
// all digits. SPDX-License-Identifier: Apache-2.0
#include "mapper/exact/standing_still.hpp"

#include <algorithm>
#include <vector>

#include <gtest/gtest.h>

#include "tests/support/generators.hpp"

namespace weft::exact {
namespace {

constexpr int kLevels = 3;

// A dim of a window, split over the levels, with instances side by side that begin `offset` further on.
struct Walked {
  SteppedDim dim;
  std::int64_t size = 1;
  std::vector<std::int64_t> offsets{0};
};

Walked random_dim(Rng& rng) {
  Walked result;
  result.dim.coeff = rng.uniform(1, 3);
  const std::int64_t tile = rng.uniform(1, 3);
  const std::int64_t instances = rng.uniform(1, 3);
  for (std::int64_t i = 1; i < instances; ++i) {
    result.offsets.push_back(i * tile);
  }
  std::int64_t stride = tile * instances;
  for (int level = kLevels - 1; level >= 0; --level) {
    const std::int64_t bound = rng.uniform(1, 4);
    if (bound > 1) {
      result.dim.loops.push_back({bound, stride, level, false});
      stride *= bound;
    }
  }
  std::reverse(result.dim.loops.begin(), result.dim.loops.end());
  result.size = stride - rng.uniform(0, std::min<std::int64_t>(stride - 1, 3));
  result.dim.beyond = stride - tile - (result.size - 1);
  return result;
}

struct Step {
  std::size_t dim;
  ChainLoop loop;
};

// The levels' loops from the outermost one, those of a level in either order.
std::vector<Step> random_order(const std::array<Walked, 2>& dims, Rng& rng) {
  std::vector<Step> order;
  for (int level = 0; level < kLevels; ++level) {
    const std::size_t first = static_cast<std::size_t>(rng.uniform(0, 1));
    for (const std::size_t d : {first, 1 - first}) {
      for (const ChainLoop& loop : dims[d].dim.loops) {
        if (loop.level == level) {
          order.push_back({d, loop});
        }
      }
    }
  }
  return order;
}

// Where the dim's tile began before its loops from `pivot` inwards stepped on or began again.
std::int64_t base_before(const std::vector<Step>& order, const std::vector<std::int64_t>& digits,
                         std::size_t pivot, std::size_t d, std::int64_t offset, std::int64_t size) {
  std::int64_t base = offset;
  for (std::size_t i = 0; i < order.size(); ++i) {
    if (order[i].dim == d && i <= pivot) {
      base += (digits[i] - (i == pivot ? 1 : 0)) * order[i].loop.stride;
    }
  }
  for (std::size_t i = pivot + 1; i < order.size(); ++i) {
    const ChainLoop& loop = order[i].loop;
    base += order[i].dim == d ? std::min(loop.bound - 1, (size - 1 - base) / loop.stride) * loop.stride : 0;
  }
  return base;
}

// Combinations of digits in which the instance works and which it enters without moving.
std::int64_t count_still(const std::array<Walked, 2>& dims, const std::vector<Step>& order,
                         const std::array<std::int64_t, 2>& offsets) {
  std::vector<std::int64_t> digits(order.size(), 0);
  std::int64_t still = 0;
  while (true) {
    std::size_t pivot = order.size();
    while (pivot > 0 && digits[pivot - 1] + 1 == order[pivot - 1].loop.bound) {
      digits[--pivot] = 0;
    }
    if (pivot-- == 0) {
      return still;
    }
    ++digits[pivot];
    std::int64_t moved = 0;
    bool works = true;
    for (std::size_t d = 0; d < 2; ++d) {
      std::int64_t now = offsets[d];
      for (std::size_t i = 0; i < order.size(); ++i) {
        now += order[i].dim == d ? digits[i] * order[i].loop.stride : 0;
      }
      works = works && now < dims[d].size;
      moved += dims[d].dim.coeff * (now - base_before(order, digits, pivot, d, offsets[d], dims[d].size));
    }
    still += works && moved == 0 ? 1 : 0;
  }
}

TEST(StandingStill, IsNeverMoreOftenThanTheBoundSays) {
  int seen = 0;
  testing::for_each_seed(1, 4000, [&](std::uint64_t seed) {
    Rng rng(seed);
    const std::array<Walked, 2> dims = {random_dim(rng), random_dim(rng)};
    const std::int64_t most = standing_still({dims[0].dim, dims[1].dim});
    for (int orders = 0; orders < 3; ++orders) {
      const std::vector<Step> order = random_order(dims, rng);
      for (const std::int64_t a : dims[0].offsets) {
        for (const std::int64_t b : dims[1].offsets) {
          const std::int64_t still = count_still(dims, order, {a, b});
          ASSERT_LE(still, most) << "WEFT_SEED=" << seed;
          seen += still > 0 ? 1 : 0;
        }
      }
    }
  });
  EXPECT_GT(seen, 1000) << "hardly any tile stood still: the test shows nothing";
}

}  // namespace
}  // namespace weft::exact
