// Do blocks of MACs add up to the reference, with the arithmetic of every kind of vector unit that this
// machine has?
// SPDX-License-Identifier: Apache-2.0
#include "arch/sim/core/mac_block.hpp"

#include <algorithm>
#include <limits>
#include <vector>

#include <gtest/gtest.h>

#include "arch/sim/core/block_product.hpp"
#include "base/rng.hpp"
#include "tests/support/generators.hpp"
#include "workload/tensor.hpp"

namespace weft::sim {
namespace {

std::vector<BlockProduct> all_products() {
  const BlockProducts products = block_products();
  return {products.of, products.of + products.count};
}

// Words of any size of which `sums` products stay within 64 bits, the extremes among them.
std::vector<std::int32_t> any_words(std::size_t count, Rng& rng) {
  constexpr std::int64_t kMost = std::int64_t{1} << 28;
  std::vector<std::int32_t> words(count);
  for (std::int32_t& word : words) {
    word = static_cast<std::int32_t>(rng.chance(0.2) ? (rng.chance(0.5) ? -kMost : kMost)
                                                     : rng.uniform(-kMost, kMost));
  }
  return words;
}

TEST(BlockProduct, IsTheDefinitionOnEveryVectorUnit) {
  testing::for_each_seed(1, 300, [](std::uint64_t seed) {
    Rng rng(seed);
    const BlockShape shape{static_cast<std::size_t>(rng.uniform(1, 21)),
                           static_cast<std::size_t>(rng.uniform(1, 40)),
                           kBlockLanes * static_cast<std::size_t>(rng.uniform(1, 5))};
    const std::vector<std::int32_t> a = any_words(shape.rows * shape.sums, rng);
    const std::vector<std::int32_t> b = any_words(shape.sums * shape.columns, rng);
    std::vector<std::int64_t> expected(shape.rows * shape.columns, 0);
    for (std::size_t row = 0; row < shape.rows; ++row) {
      for (std::size_t column = 0; column < shape.columns; ++column) {
        for (std::size_t i = 0; i < shape.sums; ++i) {
          expected[row * shape.columns + column] +=
              std::int64_t{a[row * shape.sums + i]} * b[i * shape.columns + column];
        }
      }
    }
    for (const BlockProduct product : all_products()) {
      std::vector<std::int64_t> c(expected.size(), 77);  // what was there does not matter
      product(shape, a.data(), b.data(), c.data());
      ASSERT_EQ(c, expected) << "seed " << seed;
    }
  });
}

TEST(BlockProduct, TakesTheGreatestWords) {
  constexpr std::int32_t kLeast = std::numeric_limits<std::int32_t>::min();
  const std::vector<std::int32_t> a = {kLeast};
  const std::vector<std::int32_t> b = {kLeast, std::numeric_limits<std::int32_t>::max(), -1, 0, 1, 2, 3,
                                       kLeast};
  for (const BlockProduct product : all_products()) {
    std::vector<std::int64_t> c(b.size());
    product({1, 1, b.size()}, a.data(), b.data(), c.data());
    for (std::size_t i = 0; i < b.size(); ++i) {
      EXPECT_EQ(c[i], std::int64_t{kLeast} * b[i]);
    }
  }
}

// Every dim is cut into up to three sets, not necessarily of neighbours; the steps are all combinations.
Program cut(const Problem& problem, Rng& rng) {
  Program program;
  program.problem = problem;
  std::vector<Step> steps(1);
  for (const Dim& dim : problem.dims) {
    std::vector<IndexSet> sets(static_cast<std::size_t>(rng.uniform(1, 3)));
    const bool in_turn = rng.chance(0.3);
    for (std::int64_t i = 0; i < dim.size; ++i) {
      const auto parts = static_cast<std::int64_t>(sets.size());
      sets[static_cast<std::size_t>(in_turn ? i % parts : i * parts / dim.size)].push_back(i);
    }
    std::vector<Step> more;
    for (const Step& step : steps) {
      for (std::size_t s = 0; s < sets.size(); ++s) {
        more.push_back(step);
        more.back().iteration.push_back(static_cast<std::int32_t>(s));
      }
    }
    program.dim_sets.push_back(std::move(sets));
    steps = std::move(more);
  }
  rng.shuffle(steps);
  program.steps = std::move(steps);
  return program;
}

void expect_reference(const Problem& problem, std::uint64_t seed) {
  Rng rng(seed);
  const Program program = cut(problem, rng);
  const Tensor weights = random_tensor(problem.tensor(Role::kWeights), rng);
  const Tensor inputs = random_tensor(problem.tensor(Role::kInputs), rng);
  const Accumulators expected = reference(problem, weights, inputs);
  for (const BlockProduct product : all_products()) {
    MacBlock block(program, product);
    std::vector<std::int64_t> outputs(expected.values.size(), 0);
    std::int64_t done = 0;
    for (const Step& step : program.steps) {
      done += block.run(step, weights.values.data(), inputs.values.data(), outputs.data());
    }
    ASSERT_EQ(done, macs(problem)) << "seed " << seed;
    ASSERT_EQ(outputs, expected.values) << "seed " << seed;
  }
}

TEST(MacBlock, StepsAddUpToTheReference) {
  testing::for_each_seed(1, 400, [](std::uint64_t seed) {
    Rng rng(seed);
    expect_reference(testing::random_problem(rng), seed);
  });
}

// Larger than what goes into one product in every direction: filters, positions, sums.
TEST(MacBlock, CutsWhatIsTooLargeForOneProduct) {
  expect_reference(make_gemm({.name = "product", .m = 300, .n = 70, .k = 140}), 1);
  expect_reference(make_gemm({.name = "tall", .m = 3, .n = 700, .k = 260}), 2);
  expect_reference(
      make_gemm(
          {.name = "many", .batch = 3, .m = 20, .n = 20, .k = 20, .weights = GemmShape::Weights::kBatched}),
      3);
  expect_reference(make_conv({.name = "padded",
                              .batch = 2,
                              .in_channels = 20,
                              .out_channels = 67,
                              .in_h = 19,
                              .in_w = 21,
                              .kernel_h = 3,
                              .kernel_w = 5,
                              .stride_w = 2,
                              .pad_top = 2,
                              .pad_left = 1,
                              .pad_bottom = 1,
                              .pad_right = 3}),
                   4);
}

// Two positions along one rank of the inputs, of which the inner one is not the faster in memory, and
// filters, sums and groups that share ranks.
TEST(MacBlock, TakesDimsThatShareARank) {
  Problem p{.name = "shared", .kind = "einsum"};
  p.dims = {{"a", 4}, {"b", 5}, {"c", 3}, {"d", 2}};
  p.tensor(Role::kWeights) = {.name = "w", .ranks = {{{{2, 1}, {3, 2}}, -1, 4}}};
  p.tensor(Role::kInputs) = {.name = "i", .ranks = {{{{1, 3}, {0, 2}, {2, 1}}, -2, 15}, {{{3, 1}}, 0, 2}}};
  p.tensor(Role::kOutputs) = {.name = "o", .ranks = {{{{0, 1}}, 0, 4}, {{{1, 1}}, 0, 5}}};
  ASSERT_EQ(validate(p), "");
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    expect_reference(p, seed);
  }
}

}  // namespace
}  // namespace weft::sim
