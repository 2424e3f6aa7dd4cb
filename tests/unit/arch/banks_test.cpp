// Do walks through banks, and streams that share them, take the cycles that they take line by line and cycle
// by cycle? And which words do the units of an array take together? SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cmath>
#include <cstdint>
#include <deque>
#include <set>
#include <vector>

#include <gtest/gtest.h>

#include "arch/sim/core/bank_share.hpp"
#include "arch/sim/core/bank_walk.hpp"
#include "arch/sim/core/operand_groups.hpp"
#include "base/rng.hpp"

namespace weft::sim {
namespace {

constexpr int kWord = 8;

std::int64_t bank_of(const BankShape& shape, std::int64_t line) {
  return line * shape.width / shape.interleave % shape.banks;
}

// A port that takes `together` words at a time: every cycle each bank serves one of the lines it still wants;
// what it had in the cycle before it still has.
std::int64_t literal_cycles(const BankShape& shape, const std::vector<std::int64_t>& words,
                            std::size_t together) {
  std::int64_t cycles = 0;
  std::set<std::int64_t> had;
  for (std::size_t first = 0; first < words.size(); first += together) {
    std::set<std::int64_t> lines;
    for (std::size_t w = first; w < std::min(words.size(), first + together); ++w) {
      lines.insert(words[w] * kWord / shape.width);
    }
    std::vector<std::int64_t> wanted;
    std::set_difference(lines.begin(), lines.end(), had.begin(), had.end(), std::back_inserter(wanted));
    had = lines;
    do {
      std::set<std::int64_t> busy;
      std::erase_if(wanted, [&](std::int64_t line) { return busy.insert(bank_of(shape, line)).second; });
      ++cycles;
    } while (!wanted.empty());
  }
  return cycles;
}

BankLoad load_of(const BankShape& shape, const std::vector<std::int64_t>& words, std::size_t together) {
  BankWalk walk(shape, static_cast<double>(together * kWord), kWord);
  for (const std::int64_t word : words) {
    walk.word(word * kWord);
  }
  return walk.load();
}

TEST(Banks, WalksTakeTheCyclesOfTheirLines) {
  Rng rng(3);
  for (int round = 0; round < 500; ++round) {
    const std::int64_t width = kWord * (std::int64_t{1} << rng.uniform(0, 3));
    const BankShape shape{rng.uniform(1, 9), width * rng.uniform(1, 4), width};
    const auto together = static_cast<std::size_t>(rng.uniform(1, 12));
    std::vector<std::int64_t> words(together * static_cast<std::size_t>(rng.uniform(1, 40)));
    const std::int64_t stride = rng.uniform(0, 20);
    for (std::size_t i = 0; i < words.size(); ++i) {
      words[i] = stride == 0 ? rng.uniform(0, 500) : static_cast<std::int64_t>(i) * stride;
    }
    const auto port = static_cast<double>(words.size() / together);
    const double cycles = load_of(shape, words, together).stretch * port;
    EXPECT_NEAR(cycles, static_cast<double>(literal_cycles(shape, words, together)), 1e-9 * cycles)
        << "round " << round;
  }
}

std::vector<std::int64_t> strided(std::size_t count, std::int64_t stride) {
  std::vector<std::int64_t> words(count);
  for (std::size_t i = 0; i < count; ++i) {
    words[i] = static_cast<std::int64_t>(i) * stride;
  }
  return words;
}

TEST(Banks, NeighboursDoNotMeetAndStridesOfAllBanksDo) {
  const BankShape shape{8, kWord, kWord};
  EXPECT_EQ(load_of(shape, strided(256, 1), 8).stretch, 1);
  EXPECT_EQ(load_of(shape, strided(256, 9), 8).stretch, 1);
  EXPECT_EQ(load_of(shape, strided(256, 2), 8).stretch, 2);
  EXPECT_EQ(load_of(shape, strided(256, 8), 8).stretch, 8);
  EXPECT_EQ(load_of(shape, strided(256, 8), 1).stretch, 1);  // a word a cycle meets nobody
}

TEST(Banks, AsManyBanksAsLinesAreAsGoodAsNone) {
  Rng rng(4);
  for (int round = 0; round < 200; ++round) {
    std::vector<std::int64_t> words(static_cast<std::size_t>(rng.uniform(1, 200)));
    std::generate(words.begin(), words.end(), [&] { return rng.uniform(0, 199); });
    const auto together = static_cast<std::size_t>(rng.uniform(1, 16));
    EXPECT_GE(load_of({4, kWord, kWord}, words, together).stretch, 1);
    std::vector<std::int64_t> once = strided(words.size(), rng.uniform(1, 5));
    EXPECT_EQ(load_of({1024, kWord, kWord}, once, together).stretch, 1);
  }
}

// Two streams of whole cycles through the same banks, one access of each bank a cycle. The first one goes
// first; the second one has `places` before every bank and stops when one is full.
std::int64_t literal_second(std::int64_t banks, const std::vector<std::vector<std::int64_t>>& first,
                            const std::vector<std::vector<std::int64_t>>& second, std::size_t places) {
  std::vector<std::deque<int>> queues(static_cast<std::size_t>(banks));
  std::size_t at = 0;
  for (std::int64_t cycle = 0;; ++cycle) {
    const auto room = [&](std::int64_t bank) {
      return queues[static_cast<std::size_t>(bank)].size() < places;
    };
    if (at < second.size() && std::all_of(second[at].begin(), second[at].end(), room)) {
      for (const std::int64_t bank : second[at]) {
        queues[static_cast<std::size_t>(bank)].push_back(0);
      }
      ++at;
    }
    const auto now = static_cast<std::size_t>(cycle);
    for (std::int64_t bank = 0; bank < banks; ++bank) {
      const bool taken =
          now < first.size() && std::find(first[now].begin(), first[now].end(), bank) != first[now].end();
      auto& queue = queues[static_cast<std::size_t>(bank)];
      if (!taken && !queue.empty()) {
        queue.pop_front();
      }
    }
    if (at == second.size() &&
        std::all_of(queues.begin(), queues.end(), [](const auto& q) { return q.empty(); })) {
      return cycle + 1;
    }
  }
}

TEST(Banks, StreamsShareThemByTheCycle) {
  for (const std::int64_t banks : {2, 4, 8}) {
    for (std::int64_t a = 1; a <= banks; a *= 2) {
      for (std::int64_t b = 1; b <= banks; b *= 2) {
        // a and b neighbouring lines a cycle, for 240 and 400 cycles.
        const auto stream = [&](std::int64_t lines, std::size_t cycles) {
          std::vector<std::vector<std::int64_t>> result(cycles);
          std::int64_t line = 0;
          for (auto& cycle : result) {
            for (std::int64_t i = 0; i < lines; ++i) {
              cycle.push_back(line++ % banks);
            }
          }
          return result;
        };
        const auto load = [&](std::int64_t lines, std::size_t cycles) {
          return load_of({banks, kWord, kWord}, strided(static_cast<std::size_t>(lines) * cycles, 1),
                         static_cast<std::size_t>(lines));
        };
        const BankLoad of_first = load(a, 240);
        const BankLoad of_second = load(b, 400);
        const Course before = course_beside({}, of_first, 0, ticks_of(240));
        EXPECT_EQ(before.end(), ticks_of(240));
        const Course course = course_beside({&before}, of_second, 0, ticks_of(400));
        // But for what the queues hold when the first stream ends.
        const auto literal = literal_second(banks, stream(a, 240), stream(b, 400), 4);
        EXPECT_NEAR(cycles_of(course.end()), static_cast<double>(literal),
                    static_cast<double>(4 * banks / b) + 4)
            << banks << " banks, " << a << " and " << b;
        EXPECT_EQ(collide(of_first, of_second), a + b > banks);
        EXPECT_EQ(course.slowed(), a + b > banks);
      }
    }
  }
}

TEST(Banks, ProgressIsThatOfTheCourse) {
  const BankLoad half{1, {0.5, 0.5}};
  const BankLoad whole{1, {1, 1}};
  const Course first = course_beside({}, half, 100, 1000);
  const Course second = course_beside({&first}, whole, 600, 1000);
  // 500 ticks at half the pace, then 750.
  EXPECT_EQ(second.end(), 600U + 500U + 750U);
  EXPECT_EQ(second.progress(600), 0);
  EXPECT_EQ(second.progress(800), 100);
  EXPECT_EQ(second.progress(1200), 350);
  const Course third = course_beside({&first, &second}, half, 600, 10);
  EXPECT_EQ(third.end(), 1850U + 10U);  // nothing is left before
}

TEST(Banks, UnitsOfACycleTakeTheirWordsTogether) {
  Program program;
  program.problem = make_gemm({.m = 4, .n = 8, .k = 6});
  // B M N K. Four neighbours of N and two of K below level 1; two halves of N above it.
  program.spread = {{2, 0, 4, 2, 0}, {2, 1, 1, 4, 0}, {3, 1, 1, 2, 1}};
  program.dim_sets = {{{0}}, {{0, 1, 2, 3}}, {{0, 1, 2, 3, 4, 5, 6, 7}}, {{0, 1, 2, 3, 4, 5}}};
  Step step;
  step.iteration = {0, 0, 0, 0};
  const OperandGroups weights(program, Role::kWeights, 1, {0, 1});
  const IndexSet rows = {0, 1, 2, 3, 4, 5};
  const IndexSet columns = {0, 1, 2, 3};  // of the first half
  const OperandGroups::Choices choices = weights.of_step(step, {&rows, &columns});
  const std::vector<std::vector<std::int64_t>> pairs = {{0, 1}, {2, 3}, {4, 5}};
  EXPECT_EQ(choices[0], pairs);
  EXPECT_EQ(choices[1], (std::vector<std::vector<std::int64_t>>{{0, 1, 2, 3}}));
  std::vector<std::vector<std::int64_t>> cycles;
  OperandGroups::each(choices, {4, 1}, [&](const auto& words) { cycles.push_back(words); });
  ASSERT_EQ(cycles.size(), 3U);
  EXPECT_EQ(cycles[1], (std::vector<std::int64_t>{8, 9, 10, 11, 12, 13, 14, 15}));
}

}  // namespace
}  // namespace weft::sim
