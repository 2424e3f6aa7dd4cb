// Is the skew of a step that of the farthest instance which works in it? Held against trying all combinations
// of spatial digits.
// SPDX-License-Identifier: Apache-2.0
#include "dataflow/skew.hpp"

#include <algorithm>

#include <gtest/gtest.h>

#include "tests/support/generators.hpp"

namespace weft {
namespace {

using testing::Triple;

std::int64_t stride_of(const Mapping& mapping, std::size_t level, std::size_t spatial) {
  const int dim = mapping.levels[level].spatial[spatial].dim;
  std::int64_t stride = 1;
  for (std::size_t i = spatial + 1; i < mapping.levels[level].spatial.size(); ++i) {
    const SpatialLoop& loop = mapping.levels[level].spatial[i];
    stride *= loop.dim == dim ? loop.bound : 1;
  }
  for (std::size_t l = level + 1; l < mapping.levels.size(); ++l) {
    for (const Loop& loop : mapping.levels[l].temporal) {
      stride *= loop.dim == dim ? loop.bound : 1;
    }
    for (const SpatialLoop& loop : mapping.levels[l].spatial) {
      stride *= loop.dim == dim ? loop.bound : 1;
    }
  }
  return stride;
}

// Instances up to the farthest along an axis below a level whose index is in range, by trial.
std::int64_t used_by_trial(const Triple& t, std::size_t level, Axis axis, std::vector<std::int64_t> index,
                           std::size_t loop = 0, std::int64_t position = 0) {
  const auto& spatial = t.mapping.levels[level].spatial;
  if (loop == spatial.size()) {
    for (std::size_t dim = 0; dim < index.size(); ++dim) {
      if (index[dim] >= t.problem.dims[dim].size) {
        return 1;
      }
    }
    return position + 1;
  }
  if (spatial[loop].axis != axis) {
    return used_by_trial(t, level, axis, index, loop + 1, position);
  }
  std::int64_t most = 1;
  for (std::int64_t digit = 0; digit < spatial[loop].bound; ++digit) {
    most = std::max(most,
                    used_by_trial(t, level, axis, index, loop + 1, position * spatial[loop].bound + digit));
    index[static_cast<std::size_t>(spatial[loop].dim)] += stride_of(t.mapping, level, loop);
  }
  return most;
}

Skew skew_by_trial(const Triple& t, const std::vector<std::int64_t>& base) {
  Skew result;
  for (std::size_t level = 0; level < t.mapping.levels.size(); ++level) {
    const FanOut& fanout = t.accelerator.levels[level].fanout;
    const std::int64_t x = used_by_trial(t, level, Axis::kX, base);
    const std::int64_t y = used_by_trial(t, level, Axis::kY, base);
    const auto systolic = [&](std::size_t role) { return fanout.network[role] == NetworkKind::kSystolic; };
    result.in += systolic(0) || systolic(1) ? x + y - 2 : 0;
    result.out += systolic(2) ? x + y - 2 : 0;
    result.out += fanout.outlet == Outlet::kEdge ? fanout.x + fanout.y - x - y : 0;
  }
  result.out += t.accelerator.compute.latency_cycles - 1;
  return result;
}

TEST(Skew, IsThatOfTheFarthestInstanceAtWork) {
  int partial = 0;
  testing::for_each_seed(1, 1000, [&](std::uint64_t seed) {
    Triple t = testing::random_triple(seed);
    Rng rng(seed);
    for (StorageLevel& level : t.accelerator.levels) {
      level.fanout.outlet = rng.chance(0.5) ? Outlet::kEdge : Outlet::kUsed;
    }
    const Nest nest(t.mapping, t.problem);
    const StepSkew steps(nest, t.mapping, t.accelerator);
    std::vector<std::int64_t> base(t.problem.dims.size(), 0);
    for (int i = 0; i < 5; ++i) {
      const Skew expected = skew_by_trial(t, base);
      ASSERT_EQ(steps.at(base).in, expected.in) << testing::describe(t);
      ASSERT_EQ(steps.at(base).out, expected.out) << testing::describe(t);
      partial += expected.in < skew(t.mapping, t.accelerator).in ? 1 : 0;
      for (std::size_t dim = 0; dim < base.size(); ++dim) {
        base[dim] = rng.uniform(0, t.problem.dims[dim].size - 1);
      }
    }
  });
  EXPECT_GT(partial, 0);
}

}  // namespace
}  // namespace weft
