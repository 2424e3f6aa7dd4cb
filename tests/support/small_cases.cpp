// SPDX-License-Identifier: Apache-2.0
#include "tests/support/small_cases.hpp"

#include <algorithm>

#include "tests/support/brute_force.hpp"
#include "tests/support/generators.hpp"

namespace weft::testing {

namespace {

// At most four dims are larger than 1.
Problem small_problem(Rng& rng) {
  const auto size = [&] { return rng.pick(std::vector<std::int64_t>{1, 2, 2, 3, 4, 5, 6, 8}); };
  if (rng.chance(0.3)) {
    GemmShape gemm{.name = "gemm"};
    gemm.batch = rng.chance(0.3) ? rng.uniform(2, 3) : 1;
    gemm.m = size(), gemm.n = size(), gemm.k = size();
    gemm.weights = rng.chance(0.5) ? GemmShape::Weights::kBatched : GemmShape::Weights::kShared;
    return make_gemm(gemm);
  }
  ConvShape conv{.name = "conv"};
  const bool depthwise = rng.chance(0.25);
  conv.groups = depthwise ? rng.uniform(2, 4) : rng.chance(0.15) ? 2 : 1;
  conv.in_channels = conv.groups * (depthwise || rng.chance(0.3) ? 1 : rng.uniform(1, 4));
  conv.out_channels = conv.groups * (depthwise || rng.chance(0.3) ? 1 : rng.uniform(1, 4));
  conv.batch = rng.chance(0.15) ? 2 : 1;
  const auto axis = [&](std::int64_t& in, std::int64_t& kernel, std::int64_t& stride, std::int64_t& dilation,
                        std::int64_t& before, std::int64_t& after) {
    kernel = rng.uniform(1, 3);
    stride = rng.chance(0.3) ? rng.uniform(2, 3) : 1;
    dilation = rng.chance(0.2) ? 2 : 1;
    const std::int64_t reach = dilation * (kernel - 1) + 1;
    before = rng.chance(0.5) ? rng.uniform(0, reach - 1) : 0;
    after = rng.chance(0.5) ? rng.uniform(0, reach - 1) : 0;
    in = std::max<std::int64_t>(
        1, stride * (rng.uniform(1, 6) - 1) + reach + rng.uniform(0, 1) - before - after);
  };
  axis(conv.in_h, conv.kernel_h, conv.stride_h, conv.dilation_h, conv.pad_top, conv.pad_bottom);
  if (rng.chance(0.3)) {
    axis(conv.in_w, conv.kernel_w, conv.stride_w, conv.dilation_w, conv.pad_left, conv.pad_right);
  }
  return make_conv(conv);
}

}  // namespace

std::optional<SmallCase> small_case(std::uint64_t seed, double most) {
  Rng rng(seed);
  SmallCase one{small_problem(rng), random_accelerator(rng)};
  const Mapping mapping = random_mapping(rng, one.problem, one.accelerator, {.max_instances = 8});
  fit_to(rng, mapping, one.problem, one.accelerator);
  for (StorageLevel& level : one.accelerator.levels) {
    // What the mapping uses, or a little more, so that there is a choice.
    level.fanout.x = std::min<std::int64_t>(level.fanout.x + rng.uniform(0, 1), 4);
    level.fanout.y = std::min<std::int64_t>(level.fanout.y + rng.uniform(0, 1), 3);
  }
  if (!validate(one.accelerator).empty() || !validate(one.problem).empty()) {
    return std::nullopt;
  }
  const double count = BruteForce(one.problem, one.accelerator).mappings();
  if (count > most || count < 2) {
    return std::nullopt;
  }
  return one;
}

}  // namespace weft::testing
