// Is what merging partial matrices counts what the product of the matrices has, and what the model expects?
// SPDX-License-Identifier: Apache-2.0
#include <cmath>
#include <set>
#include <utility>

#include <gtest/gtest.h>

#include "arch/spec/merge_count.hpp"
#include "tests/support/generators.hpp"
#include "workload/positions.hpp"

namespace weft {
namespace {

struct Case {
  Problem problem{};
  Bitmap weights{}, inputs{};
  std::int64_t m = 1, n = 1, k = 1;
};

Case random_case(Rng& rng, std::int64_t least, std::int64_t most) {
  Case one{.m = rng.uniform(least, most), .n = rng.uniform(least, most), .k = rng.uniform(least, most)};
  one.problem = make_gemm({.name = "p", .m = one.m, .n = one.n, .k = one.k});
  set_sparsity(one.problem, Role::kInputs, {0.02 + 0.3 * rng.unit()});
  set_sparsity(one.problem, Role::kWeights, {0.02 + 0.3 * rng.unit()});
  one.weights = random_positions(one.problem.tensor(Role::kWeights), rng);
  one.inputs = random_positions(one.problem.tensor(Role::kInputs), rng);
  return one;
}

MergeWork count(const Merge& merge, const Case& one) {
  return counted_merge(merge, one.problem, one.weights, one.inputs);
}

// One where a word is not zero.
Tensor ones(const Problem& problem, Role role, const Bitmap& positions) {
  Tensor tensor;
  for (const Rank& rank : problem.tensor(role).ranks) {
    tensor.extents.push_back(rank.extent);
  }
  for (std::int64_t i = 0; i < positions.size(); ++i) {
    tensor.values.push_back(positions.test(i) ? 1 : 0);
  }
  return tensor;
}

Merge random_merge(Rng& rng) {
  Merge merge{.ways = rng.uniform(2, 12),
              .elements = rng.uniform(1, 16),
              .condensed = rng.chance(0.5),
              .smallest_first = rng.chance(0.5),
              .streamed = rng.chance(0.8)};
  if (rng.chance(0.7)) {
    merge.buffer = Bits(rng.uniform(1, 20000));
  }
  return merge;
}

// Products, non-zeros of the result, rows of the weights in use and their words, by the definition.
struct Truth {
  double products = 0, results = 0, used = 0;
};
Truth truth_of(const Case& one) {
  Truth truth;
  std::set<std::pair<std::int64_t, std::int64_t>> results;
  std::set<std::int64_t> rows;
  for (std::int64_t m = 0; m < one.m; ++m) {
    for (std::int64_t k = 0; k < one.k; ++k) {
      for (std::int64_t n = 0; one.inputs.test(m * one.k + k) && n < one.n; ++n) {
        if (one.weights.test(k * one.n + n)) {
          truth.products += 1;
          results.insert({m, n});
          truth.used += rows.contains(k * one.n + n) ? 0 : 1;
          rows.insert(k * one.n + n);
        }
      }
    }
  }
  truth.results = static_cast<double>(results.size());
  return truth;
}

TEST(Merge, CountsWhatTheProductHas) {
  testing::for_each_seed(1, 300, [](std::uint64_t seed) {
    Rng rng(seed);
    const Case one = random_case(rng, 1, 40);
    const Merge merge = random_merge(rng);
    const MergeWork work = count(merge, one);
    const Truth truth = truth_of(one);
    EXPECT_EQ(work.products, truth.products);
    EXPECT_EQ(work.results, truth.results);
    EXPECT_GE(work.fetched, truth.used);
    EXPECT_LE(work.fetched, merge.condensed ? truth.products : truth.used);
    EXPECT_GE(work.merged, truth.results);
    const double apart = merge.streamed ? 0 : work.products;
    if (work.matrices <= static_cast<double>(merge.ways)) {
      EXPECT_EQ(work.spilled, apart) << "one round takes all";
      EXPECT_EQ(work.rounds, work.matrices > 1 ? 1 : 0);
    }
    EXPECT_LE(work.spilled, apart + work.merged);
  });
}

TEST(Merge, ABufferThatHoldsAllFetchesEachRowOnce) {
  testing::for_each_seed(1, 60, [](std::uint64_t seed) {
    Rng rng(seed);
    const Case one = random_case(rng, 2, 40);
    Merge merge = random_merge(rng);
    merge.condensed = true;
    merge.buffer = Bits(1 << 24);
    EXPECT_EQ(count(merge, one).fetched, truth_of(one).used);
    merge.buffer.reset();
    EXPECT_EQ(count(merge, one).fetched, truth_of(one).products);
  });
}

// Means of 20 draws. What the model takes for granted (matrices that meet by chance, rows of equal length)
// holds for uniform zeros.
TEST(Merge, IsOnAverageWhatTheModelExpects) {
  testing::for_each_seed(1, 40, [](std::uint64_t seed) {
    Rng rng(seed);
    Case one = random_case(rng, 150, 300);
    for (const Role role : {Role::kInputs, Role::kWeights}) {
      set_sparsity(one.problem, role, {0.01 + 0.03 * rng.unit()});
    }
    const Merge merge = random_merge(rng);
    const MergeWork expected = expected_merge(merge, one.problem);
    MergeWork sum;
    constexpr int kDraws = 20;
    for (int draw = 0; draw < kDraws; ++draw) {
      one.weights = random_positions(one.problem.tensor(Role::kWeights), rng);
      one.inputs = random_positions(one.problem.tensor(Role::kInputs), rng);
      sum += count(merge, one);
    }
    EXPECT_NEAR(sum.products / kDraws, expected.products, 0.02 * expected.products);
    EXPECT_NEAR(sum.results / kDraws, expected.results, 0.02 * expected.results);
    // How many rounds there are jumps with the longest row.
    EXPECT_NEAR(sum.merged / kDraws, expected.merged, 0.15 * expected.merged);
    // Several rounds of condensed columns each use neighbouring rows: fewer are fetched.
    const bool one_round = !merge.condensed || expected.matrices <= static_cast<double>(merge.ways);
    EXPECT_LE(sum.fetched / kDraws, 1.1 * expected.fetched);
    EXPECT_GE(sum.fetched / kDraws, (one_round ? 0.9 : 0.5) * expected.fetched)
        << one.m << " x " << one.k << " x " << one.n << ", ways " << merge.ways
        << (merge.condensed ? ", condensed" : "") << ", buffer of " << buffered_elements(merge, one.problem)
        << " for " << one.weights.count() << ", uses " << one.inputs.count();
  });
}

TEST(Merge, ConvolutionsAreTheProductsTheyUnfoldTo) {
  const Problem batch =
      make_gemm({.name = "b", .batch = 3, .m = 5, .n = 6, .k = 7, .weights = GemmShape::Weights::kBatched});
  EXPECT_EQ(product_sizes(batch).b, 3);
  EXPECT_TRUE(unfolds_to_itself(batch));
  EXPECT_FALSE(unfolds_to_itself(make_conv({.name = "w", .in_h = 6, .in_w = 5, .kernel_h = 3})));
  testing::for_each_seed(1, 60, [](std::uint64_t seed) {
    Rng rng(seed);
    Problem conv = make_conv({.name = "c",
                              .in_channels = 4,
                              .out_channels = 6,
                              .in_h = rng.uniform(3, 8),
                              .in_w = rng.uniform(3, 8),
                              .kernel_h = 3,
                              .kernel_w = rng.uniform(1, 3),
                              .stride_h = rng.uniform(1, 2),
                              .groups = rng.chance(0.5) ? 2 : 1});
    set_sparsity(conv, Role::kInputs, {0.4});
    set_sparsity(conv, Role::kWeights, {0.3});
    const Bitmap weights = random_positions(conv.tensor(Role::kWeights), rng);
    const Bitmap inputs = random_positions(conv.tensor(Role::kInputs), rng);
    // Products and results by the loop nest, of ones.
    const Accumulators sums =
        reference(conv, ones(conv, Role::kWeights, weights), ones(conv, Role::kInputs, inputs));
    double products = 0, results = 0;
    for (const auto sum : sums.values) {
      products += static_cast<double>(sum);
      results += sum != 0 ? 1 : 0;
    }
    const MergeWork work = counted_merge({.ways = 3}, conv, weights, inputs);
    EXPECT_EQ(work.products, products);
    EXPECT_EQ(work.results, results);
  });
}

}  // namespace
}  // namespace weft
