// Do the closed forms of formats meet the mean of exact counts, and do synthetic positions have the density
// and the arrangement they are asked for?
// SPDX-License-Identifier: Apache-2.0
#include <cmath>
#include <fstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "arch/spec/format_size.hpp"
#include "base/error.hpp"
#include "tests/support/generators.hpp"
#include "workload/positions.hpp"

namespace weft {
namespace {

TensorShape row(std::int64_t words, double density) {
  return {.ranks = {{{{0, 1}}, 0, words}}, .bits = 8, .density = density};
}

TEST(Formats, MeanOfExactCountsMeetsTheExpectation) {
  testing::for_each_seed(1, 60, [](std::uint64_t seed) {
    Rng rng(seed);
    TensorFormat format;
    format.kind = static_cast<FormatKind>(rng.uniform(0, 5));
    format.run = Bits(rng.uniform(1, 5));
    const std::int64_t size = rng.chance(0.5) ? rng.uniform(2, 400) : rng.uniform(4097, 9000);
    const std::int64_t fiber = rng.uniform(1, size);
    const std::int64_t nonzeros = rng.uniform(1, size);
    const Occupancy word = expected_occupancy(format, fiber, size, nonzeros);
    const double expected = encoded_bits(format, 8, fiber, word) * static_cast<double>(size);
    double sum = 0, squares = 0;
    constexpr int kDraws = 300;
    for (int draw = 0; draw < kDraws; ++draw) {
      const Bitmap bits =
          random_positions(row(size, static_cast<double>(nonzeros) / static_cast<double>(size)), rng);
      ASSERT_EQ(bits.count(), nonzeros);
      OccupancyCounter counter(format, fiber);
      for (std::int64_t from = 0; from < size;) {  // in pieces: only the order counts
        const std::int64_t piece = std::min(size - from, rng.uniform(1, size));
        counter.add(bits, from, piece);
        from += piece;
      }
      const double counted = encoded_bits(format, 8, fiber, counter.result());
      sum += counted;
      squares += counted * counted;
    }
    const double mean = sum / kDraws;
    const double error = std::sqrt(std::max(0.0, squares / kDraws - mean * mean) / kDraws);
    // A last fiber that is cut short has a little less room for runs than the closed form takes.
    const double cut = size % fiber == 0 ? 0 : 0.02 * expected;
    EXPECT_NEAR(mean, expected, 5 * error + cut + 1e-9 * expected)
        << "seed " << seed << " " << name_of(format.kind) << " fiber " << fiber << " of " << size << ", "
        << nonzeros << " non-zero";
  });
}

// 0 0 0 0 1 0 1 | 0 0 0 0 0 1: runs of at most 3 (2 b). Before the first 1: four zeros, one padding token;
// before the last one: five, one padding token again; the fiber ends between.
TEST(Formats, PaddingTokensByHand) {
  Bitmap bits(13);
  for (const std::int64_t i : {4, 6, 12}) {
    bits.set(i);
  }
  TensorFormat format{.kind = FormatKind::kRelative, .run = Bits(2), .pointer = Bits(16)};
  OccupancyCounter counter(format, 7);
  counter.add(bits, 0, 13);
  const Occupancy counted = counter.result();
  EXPECT_EQ(counted.padding, 2);
  EXPECT_EQ(counted.nonzeros, 3);
  EXPECT_EQ(counted.fibers, 2);
  EXPECT_EQ(encoded_bits(format, 8, 7, counted), 5 * (2 + 8) + 2 * 16);
  format.packet = Bits(32);  // three tokens of 10 b in each
  EXPECT_DOUBLE_EQ(token_bits(format, 8), 32.0 / 3);
}

// Compression can lose: at density one every format is larger than the plain words.
TEST(Formats, LoseWhereNothingIsZero) {
  for (const FormatKind kind : {FormatKind::kBitmask, FormatKind::kRunLength, FormatKind::kCoordinate,
                                FormatKind::kOffsets, FormatKind::kRelative}) {
    const TensorFormat format{.kind = kind};
    EXPECT_GT(encoded_bits(format, 8, 64, expected_occupancy(format, 64, 4096, 4096)), 8) << name_of(kind);
    EXPECT_LT(encoded_bits(format, 8, 64, expected_occupancy(format, 64, 4096, 400)), 8) << name_of(kind);
  }
}

// EIE's 4 b runs at 4 % in long columns: 1 / (1 - 0.96^16) tokens for each non-zero.
TEST(Formats, LongFibersApproachTheGeometricForm) {
  const TensorFormat format{.kind = FormatKind::kRelative, .run = Bits(4)};
  const Occupancy word = expected_occupancy(format, 1 << 24, 1 << 24, (1 << 24) / 25);
  EXPECT_NEAR((word.nonzeros + word.padding) / word.nonzeros, 1 / (1 - std::pow(0.96, 16)), 1e-3);
}

TEST(Positions, AreWhereTheModelSays) {
  testing::for_each_seed(1, 40, [](std::uint64_t seed) {
    Rng rng(seed);
    Problem problem = make_conv({.in_channels = rng.uniform(4, 24),
                                 .out_channels = rng.uniform(4, 24),
                                 .in_h = 9,
                                 .in_w = 9,
                                 .kernel_h = 3,
                                 .kernel_w = 3});
    const TensorShape& weights = problem.tensor(Role::kWeights);
    set_sparsity(problem, Role::kWeights, parse_sparsity("2:4"));
    Bitmap bits = random_positions(weights, rng);
    const std::int64_t c = weights.ranks[2].extent;
    for (std::int64_t k = 0; k < weights.ranks[1].extent; ++k) {
      for (std::int64_t tap = 0; tap < 9; ++tap) {
        for (std::int64_t first = 0; first < c; first += 4) {
          std::int64_t count = 0;
          for (std::int64_t i = first; i < std::min(c, first + 4); ++i) {
            count += bits.test((k * c + i) * 9 + tap) ? 1 : 0;
          }
          EXPECT_EQ(count, std::min<std::int64_t>(2, c - first));
        }
      }
    }
    for (const char* text : {"sparse:0.3", "banded:0.3", "power-law:0.3:1.2", "block:0.3:4", "channel:0.5"}) {
      const Sparsity sparsity = parse_sparsity(text);
      set_sparsity(problem, Role::kWeights, sparsity);
      bits = random_positions(weights, rng);
      const double share = static_cast<double>(bits.count()) / static_cast<double>(bits.size());
      EXPECT_NEAR(share, sparsity.density, text[0] == 'c' ? 0.13 : 0.03) << text;
      EXPECT_EQ(to_text(parse_sparsity(to_text(sparsity))), to_text(sparsity));
    }
    set_sparsity(problem, Role::kWeights, parse_sparsity("channel:0.5"));
    bits = random_positions(weights, rng);
    const std::int64_t slice = c * 9;
    for (std::int64_t k = 0; k < weights.ranks[1].extent; ++k) {
      EXPECT_THAT(bits.count(k * slice, (k + 1) * slice), ::testing::AnyOf(0, slice));
    }
  });
}

TEST(Positions, SameSeedSamePositions) {
  Rng a(5), b(5), c(6);
  const TensorShape shape = row(1000, 0.4);
  const Bitmap first = random_positions(shape, a);
  EXPECT_EQ(first, random_positions(shape, b));
  EXPECT_NE(first, random_positions(shape, c));
}

TEST(Positions, OfFilesAreCounted) {
  const std::string file = ::testing::TempDir() + "weft_positions.npy";
  std::string header = "{'descr': '<f4', 'fortran_order': False, 'shape': (2, 3), }";
  header.resize(117, ' ');
  header += '\n';
  const std::array<float, 6> values = {0.0F, 1.5F, -0.0F, -2.0F, 0.0F, 1e-30F};
  std::ofstream out(file, std::ios::binary);
  out.write("\x93NUMPY\x01\x00", 8);
  out.put(static_cast<char>(header.size())).put(0);
  out.write(header.data(), static_cast<std::streamsize>(header.size()));
  out.write(reinterpret_cast<const char*>(values.data()), sizeof values);
  out.close();
  const Bitmap bits = load_positions(file);
  ASSERT_EQ(bits.size(), 6);
  for (std::int64_t i = 0; i < 6; ++i) {
    EXPECT_EQ(bits.test(i), i == 1 || i == 3 || i == 5) << i;
  }
  const Sparsity measured = parse_sparsity("file:" + file);
  EXPECT_DOUBLE_EQ(measured.density, 0.5);
  Problem problem = make_gemm({.m = 4, .n = 3, .k = 2});
  set_sparsity(problem, Role::kWeights, measured);
  Rng rng(1);
  EXPECT_EQ(random_positions(problem.tensor(Role::kWeights), rng), bits);
  EXPECT_THROW(set_sparsity(problem, Role::kInputs, measured), std::invalid_argument);
}

TEST(Sparsities, AreRefusedWithASentence) {
  for (const char* text : {"", "sparse", "sparse:0", "sparse:1.5", "sparse:x", "4:2", "0:4", "2:4:8",
                           "block:0.3", "block:0.3:0", "power-law:0.3:-1", "half"}) {
    EXPECT_THROW((void)parse_sparsity(text), std::invalid_argument) << text;
  }
  EXPECT_THROW((void)parse_sparsity("file:/nowhere.npy"), ConfigError);
}

}  // namespace
}  // namespace weft
