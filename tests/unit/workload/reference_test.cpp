// Does the reference compute what the definition of a problem says, padding included, for any problem?
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <numeric>

#include <gtest/gtest.h>

#include "workload/tensor.hpp"

namespace weft {
namespace {

// Position of a tensor's element at the given loop indices, or -1 in the padding.
std::int64_t position(const TensorShape& tensor, const std::vector<std::int64_t>& index) {
  std::int64_t at = 0;
  for (const Rank& rank : tensor.ranks) {
    std::int64_t coordinate = rank.offset;
    for (const Term& term : rank.terms) {
      coordinate += term.coeff * index[static_cast<std::size_t>(term.dim)];
    }
    if (coordinate < 0 || coordinate >= rank.extent) {
      return -1;
    }
    at = at * rank.extent + coordinate;
  }
  return at;
}

// The definition, word for word.
std::vector<std::int64_t> literal(const Problem& p, const Tensor& weights, const Tensor& inputs) {
  std::vector<std::int64_t> out(static_cast<std::size_t>(words(p.tensor(Role::kOutputs))), 0);
  std::vector<std::int64_t> index(p.dims.size(), 0);
  for (std::int64_t i = 0; i < macs(p); ++i) {
    std::int64_t rest = i;
    for (std::size_t d = 0; d < index.size(); ++d) {
      index[d] = rest % p.dims[d].size;
      rest /= p.dims[d].size;
    }
    const std::int64_t w = position(p.tensor(Role::kWeights), index),
                       x = position(p.tensor(Role::kInputs), index);
    const std::int64_t y = position(p.tensor(Role::kOutputs), index);
    if (w >= 0 && x >= 0) {
      out[static_cast<std::size_t>(y)] += std::int64_t{weights.values[static_cast<std::size_t>(w)]} *
                                          inputs.values[static_cast<std::size_t>(x)];
    }
  }
  return out;
}

// Any problem: random sizes, random projections of inputs and weights, windows and padding.
Problem random_problem(Rng& rng) {
  Problem p{.name = "random", .kind = "einsum"};
  const auto dims = static_cast<int>(rng.uniform(1, 6));
  for (int d = 0; d < dims; ++d) {
    p.dims.push_back({"d" + std::to_string(d), rng.uniform(1, 5)});
  }
  for (const Role role : kAllRoles) {
    TensorShape& tensor = p.tensor(role);
    tensor.bits = static_cast<int>(rng.uniform(1, 20));
    tensor.density = rng.chance(0.5) ? 1.0 : 0.5;
    std::vector<int> order(p.dims.size());
    std::iota(order.begin(), order.end(), 0);
    rng.shuffle(order);
    for (const int d : order) {
      // Every dim is at least in the inputs.
      if (role != Role::kInputs && rng.chance(0.5)) {
        continue;
      }
      const bool affine = role != Role::kOutputs;
      const Term term{d, affine ? rng.uniform(1, 3) : 1};
      if (affine && !tensor.ranks.empty() && rng.chance(0.4)) {
        tensor.ranks.back().terms.push_back(term);
      } else {
        tensor.ranks.push_back({{term}, affine && rng.chance(0.4) ? -rng.uniform(0, 3) : 0, p.size(d)});
      }
    }
    if (role != Role::kOutputs) {
      for (Rank& rank : tensor.ranks) {
        rank.extent = rng.uniform(1, 9);
      }
    }
  }
  return p;
}

void expect_equal(const Problem& p, std::uint64_t seed) {
  Rng rng(seed);
  const Tensor weights = random_tensor(p.tensor(Role::kWeights), rng);
  const Tensor inputs = random_tensor(p.tensor(Role::kInputs), rng);
  ASSERT_EQ(reference(p, weights, inputs).values, literal(p, weights, inputs)) << "seed " << seed;
}

TEST(Reference, EqualsTheDefinitionOnAnyProblem) {
  for (std::uint64_t seed = 0; seed < 2000; ++seed) {
    Rng rng(seed);
    const Problem p = random_problem(rng);
    ASSERT_EQ(validate(p), "") << "seed " << seed;
    expect_equal(p, seed);
    if (HasFatalFailure()) {
      return;
    }
  }
}

TEST(Reference, EqualsTheDefinitionOnConvolutions) {
  for (std::uint64_t seed = 0; seed < 300; ++seed) {
    Rng rng(seed);
    ConvShape s{.batch = rng.uniform(1, 2), .in_h = rng.uniform(3, 9), .in_w = rng.uniform(3, 9)};
    s.groups = rng.uniform(1, 3);
    s.in_channels = s.groups * rng.uniform(1, 3);
    s.out_channels = s.groups * rng.uniform(1, 3);
    s.kernel_h = rng.uniform(1, 3);
    s.kernel_w = rng.uniform(1, 3);
    s.stride_h = rng.uniform(1, 3);
    s.stride_w = rng.uniform(1, 3);
    s.dilation_h = s.in_h >= 5 ? rng.uniform(1, 2) : 1;
    s.pad_top = rng.uniform(0, 4);
    s.pad_left = rng.uniform(0, 4);
    s.pad_bottom = rng.uniform(0, 4);
    s.pad_right = rng.uniform(0, 4);
    expect_equal(make_conv(s), seed);
    if (HasFatalFailure()) {
      return;
    }
  }
}

// Rows long enough for the blocks of outputs that stay in registers, and what is left over of them.
TEST(Reference, EqualsTheDefinitionOnLongRows) {
  for (std::uint64_t seed = 0; seed < 60; ++seed) {
    Rng rng(seed);
    const std::int64_t size = rng.uniform(1, 3);
    expect_equal(make_conv({.in_channels = rng.uniform(1, 4),
                            .out_channels = rng.uniform(1, 3),
                            .in_h = rng.uniform(3, 6),
                            .in_w = rng.uniform(8, 40),
                            .kernel_h = size,
                            .kernel_w = size,
                            .stride_w = rng.uniform(1, 2),
                            .pad_left = rng.uniform(0, 3),
                            .pad_right = rng.uniform(0, 3)}),
                 seed);
    expect_equal(make_gemm({.m = rng.uniform(1, 5), .n = rng.uniform(1, 30), .k = rng.uniform(1, 30)}), seed);
    if (HasFatalFailure()) {
      return;
    }
  }
}

TEST(RandomTensor, KeepsItsWidthAndDensity) {
  Rng rng(7);
  for (const int bits : {1, 2, 4, 8, 16, 32}) {
    const std::int64_t reach = std::int64_t{1} << (std::min(bits, 16) - 1);
    for (const double density : {1.0, 0.3}) {
      const TensorShape shape{.ranks = {{{{0, 1}}, 0, 20000}}, .bits = bits, .density = density};
      const Tensor tensor = random_tensor(shape, rng);
      ASSERT_EQ(tensor.values.size(), 20000U);
      std::int64_t filled = 0;
      for (const std::int32_t value : tensor.values) {
        ASSERT_GE(value, -reach);
        ASSERT_LE(value, std::max<std::int64_t>(reach - 1, 0));
        filled += value != 0 ? 1 : 0;
      }
      // Binomial: five standard deviations of 20000 * 0.3 * 0.7 are 324.
      EXPECT_NEAR(static_cast<double>(filled), 20000 * density, density < 1.0 ? 324 : 0) << bits;
    }
  }
}

TEST(RandomTensor, ReachesBothEndsOfItsRange) {
  Rng rng(1);
  const Tensor tensor = random_tensor({.ranks = {{{{0, 1}}, 0, 5000}}, .bits = 4}, rng);
  EXPECT_EQ(*std::min_element(tensor.values.begin(), tensor.values.end()), -8);
  EXPECT_EQ(*std::max_element(tensor.values.begin(), tensor.values.end()), 7);
}

}  // namespace
}  // namespace weft
