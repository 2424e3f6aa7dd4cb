// How a front grew while a study went on.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace weft::report {

// After `evaluations` designs: the share of the box that some design dominates, and the size of the front.
struct FrontStep {
  std::size_t evaluations = 0;
  double hypervolume = 0;
  std::size_t front = 0;
};

// Points in the order of their evaluation, every objective scaled so that 0 is the best and 1 the worst of
// all; smaller is better. An empty point counts as an evaluation without a result. The box is [0, 1]^k, its
// dominated share is estimated with `samples` points of a seeded generator (standard error at most
// 0.5 / sqrt(samples)), all points of the curve with the same ones, so the curve never falls. One entry for
// each evaluation that changes the front, and the last one.
[[nodiscard]] std::vector<FrontStep> progress_of(const std::vector<std::vector<double>>& points,
                                                 std::size_t samples, std::uint64_t seed);

}  // namespace weft::report
