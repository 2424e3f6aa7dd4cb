// The untimed parts of the machine's mechanisms: queue of commands, cache, addresses of requests.
// SPDX-License-Identifier: Apache-2.0
#include <map>
#include <utility>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "arch/sim/core/cache_tags.hpp"
#include "arch/sim/core/command_queue.hpp"
#include "arch/sim/core/requests.hpp"

namespace weft::sim {
namespace {

using ::testing::ElementsAre;
using ::testing::Pair;

Step step_of(std::int64_t cycles, std::int64_t run) {
  Step step;
  step.cycles = cycles;
  step.run = run;
  return step;
}

// Short commands go at the queue's pace: `in_flight` of them in the time that one is under way.
TEST(CommandQueue, ManyShortCommandsGoAtThePaceOfTheQueue) {
  CommandQueue queue(
      {.iterations = 16, .along = {"Q"}, .least = Cycles(4), .in_flight = 8, .latency = Cycles(60)});
  // Rows of 2: 4 cycles each by themselves, 64 for eight places.
  const Ticks end = queue.run(step_of(8 * 100 * 2, 2), false, 0);
  EXPECT_EQ(cycles_of(end), 99 * 64 + 8 * 4);
  EXPECT_EQ(cycles_of(queue.drained()), cycles_of(end) + 60);
  queue.reset();
  // Rows of 16 fill the queue's time.
  EXPECT_EQ(cycles_of(queue.run(step_of(1600, 16), false, 0)), 1600);
}

TEST(CommandQueue, ItsPlacesStayTakenFromStepToStep) {
  CommandQueue queue({.iterations = 4, .along = {"Q"}, .in_flight = 1, .latency = Cycles(10)});
  EXPECT_EQ(cycles_of(queue.run(step_of(4, 4), false, 0)), 4);
  EXPECT_EQ(cycles_of(queue.run(step_of(4, 4), false, ticks_of(4))), 14 + 4);
}

TEST(CacheTags, KeepsWhatFits) {
  CacheTags tags({.capacity = Bits(8 * 512), .ways = 2, .line = Bits(512), .miss = Cycles(1)});
  for (std::int64_t line = 0; line < 8; ++line) {
    EXPECT_EQ(tags.touch(line, CacheTags::Access::kRead), 1);
  }
  for (std::int64_t line = 0; line < 8; ++line) {
    EXPECT_EQ(tags.touch(line, CacheTags::Access::kRead), 0);
  }
}

TEST(CacheTags, WritesBackWhatWasWrittenToOnce) {
  CacheTags tags({.capacity = Bits(512), .ways = 1, .line = Bits(512), .miss = Cycles(1)});
  EXPECT_EQ(tags.touch(0, CacheTags::Access::kWrite), 1);
  EXPECT_EQ(tags.touch(0, CacheTags::Access::kRead), 0);
  EXPECT_EQ(tags.touch(1, CacheTags::Access::kRead), 2);  // line 0 goes back
  EXPECT_EQ(tags.touch(0, CacheTags::Access::kRead), 1);
}

TEST(CacheTags, LinesOfOneSetPushEachOtherOut) {
  CacheTags tags({.capacity = Bits(8 * 512), .ways = 2, .line = Bits(512), .miss = Cycles(1)});
  std::int64_t passed = 0;
  for (int round = 0; round < 100; ++round) {
    for (std::int64_t line = 0; line < 12; line += 4) {  // three lines, two ways
      passed += tags.touch(line, CacheTags::Access::kRead);
    }
  }
  EXPECT_GT(passed, 100);
  EXPECT_LT(passed, 300);
}

using Pieces = std::vector<std::pair<std::int64_t, std::int64_t>>;

Pieces pieces(const AddressMap& map, Role role, const std::vector<IndexSet>& box, std::int64_t most) {
  std::vector<const IndexSet*> sets;
  for (const IndexSet& set : box) {
    sets.push_back(&set);
  }
  Pieces result;
  map.requests(role, sets, most,
               [&](std::int64_t address, std::int64_t bits) { result.emplace_back(address / 8, bits / 8); });
  return result;
}

// N = 1, C = 4, 3 x 3 inputs; 6 filters of 1 x 1.
const Problem kConv = make_conv({.name = "conv", .in_channels = 4, .out_channels = 6, .in_h = 3, .in_w = 3});

TEST(AddressMap, ChannelsLastPutsChannelsBesideEachOther) {
  const AddressMap map(kConv, {8, 8, 8}, Layout::kChannelsLast);
  // Inputs N G C H W begin on the second page: word (h, w, c) at 4096 + (3 h + w) x 4 + c.
  EXPECT_THAT(pieces(map, Role::kInputs, {{0}, {0}, {1, 2, 3}, {1}, {0, 2}}, 64),
              ElementsAre(Pair(4096 + 12 + 1, 3), Pair(4096 + 20 + 1, 3)));
  // Weights G K C R S: 6 filters beside each other; a request takes 4 of them at most.
  EXPECT_THAT(pieces(map, Role::kWeights, {{0}, {0, 1, 2, 3, 4, 5}, {2}, {0}, {0}}, 32),
              ElementsAre(Pair(12, 4), Pair(16, 2)));
}

TEST(AddressMap, ChannelsFirstPutsColumnsBesideEachOther) {
  const AddressMap map(kConv, {8, 8, 8}, Layout::kChannelsFirst);
  EXPECT_THAT(pieces(map, Role::kInputs, {{0}, {0}, {1, 2}, {1}, {0, 1, 2}}, 64),
              ElementsAre(Pair(4096 + 9 + 3, 3), Pair(4096 + 18 + 3, 3)));
}

TEST(AddressMap, EveryWordIsAskedForOnce) {
  const AddressMap map(kConv, {8, 8, 32}, Layout::kChannelsLast);
  std::map<std::int64_t, int> asked;
  for (const auto& [address, bytes] :
       pieces(map, Role::kOutputs, {{0}, {0}, {0, 1, 2, 3, 4, 5}, {0, 1, 2}, {0, 1, 2}}, 64)) {
    for (std::int64_t byte = 0; byte < bytes; ++byte) {
      ++asked[address + byte];
    }
  }
  EXPECT_EQ(asked.size(), 6U * 9 * 4);
  for (const auto& [address, times] : asked) {
    EXPECT_EQ(times, 1) << address;
  }
}

TEST(Fetched, BoxesTakeWholeStrides) {
  Rank rank{{{0, 2}, {1, 1}}, 0, 8};  // stride 2
  EXPECT_THAT(fetched({0, 2, 4}, rank, Fetch::kBoxes), ElementsAre(0, 1, 2, 3, 4, 5));
  EXPECT_THAT(fetched({0, 2, 4}, rank, Fetch::kTiles), ElementsAre(0, 2, 4));
  EXPECT_THAT(fetched({4, 6}, rank, Fetch::kBoxes), ElementsAre(4, 5, 6, 7));
  rank.extent = 7;  // nothing beyond the end
  EXPECT_THAT(fetched({4, 6}, rank, Fetch::kBoxes), ElementsAre(4, 5, 6));
}

}  // namespace
}  // namespace weft::sim
