// Does the busiest link say how long a mesh takes? A mesh of queues, word by word and cycle by cycle, takes
// the same time but for the last word's way; and who takes which words follows from the program's digits.
// SPDX-License-Identifier: Apache-2.0
#include "arch/sim/core/wires.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <deque>
#include <map>
#include <vector>

#include <gtest/gtest.h>

#include "base/rng.hpp"

namespace weft::sim {
namespace {

// Nodes with a queue to each neighbour; a link moves a word a cycle. A word carries the nodes that still want
// it; it is copied where they lie in different directions.
class LiteralMesh {
 public:
  LiteralMesh(Node entry, const Receivers& sets, std::int64_t words_each) {
    for (std::int64_t w = 0; w < words_each; ++w) {
      for (const auto& set : sets) {
        arrive(entry, set);
      }
    }
  }

  std::int64_t cycles() {
    std::int64_t cycle = 0;
    for (; !queues_.empty(); ++cycle) {
      std::vector<std::pair<Node, std::vector<Node>>> moved;
      for (auto queue = queues_.begin(); queue != queues_.end();) {
        moved.emplace_back(next(queue->first), queue->second.front());
        queue->second.pop_front();
        queue = queue->second.empty() ? queues_.erase(queue) : std::next(queue);
      }
      for (const auto& [node, wanted] : moved) {
        arrive(node, wanted);
      }
    }
    return cycle;
  }
  [[nodiscard]] const std::map<Node, std::int64_t>& taken() const { return taken_; }

 private:
  enum class To : std::uint8_t { kEast, kWest, kSouth, kNorth };
  using Link = std::pair<Node, To>;

  static Node next(const Link& link) {
    const Node at = link.first;
    switch (link.second) {
      case To::kEast:
        return {at.x + 1, at.y};
      case To::kWest:
        return {at.x - 1, at.y};
      case To::kSouth:
        return {at.x, at.y + 1};
      case To::kNorth:
        break;
    }
    return {at.x, at.y - 1};
  }

  void arrive(Node at, const std::vector<Node>& wanted) {
    std::map<To, std::vector<Node>> ways;
    for (const Node node : wanted) {
      if (node == at) {
        ++taken_[at];
      } else if (node.x != at.x) {
        ways[node.x > at.x ? To::kEast : To::kWest].push_back(node);
      } else {
        ways[node.y > at.y ? To::kSouth : To::kNorth].push_back(node);
      }
    }
    for (auto& [to, nodes] : ways) {
      queues_[{at, to}].push_back(std::move(nodes));
    }
  }

  std::map<Link, std::deque<std::vector<Node>>> queues_;
  std::map<Node, std::int64_t> taken_;
};

TEST(Wires, TheBusiestLinkOfAMeshSetsItsTime) {
  Rng rng(5);
  for (int round = 0; round < 300; ++round) {
    const std::int64_t width = rng.uniform(1, 6);
    const std::int64_t height = rng.uniform(1, 6);
    const Node entry{rng.uniform(0, width - 1), rng.uniform(0, height - 1)};
    Receivers sets(static_cast<std::size_t>(rng.uniform(1, 12)));
    std::int64_t receivers = 0;
    for (auto& set : sets) {
      for (std::int64_t x = 0; x < width; ++x) {
        for (std::int64_t y = 0; y < height; ++y) {
          if (rng.chance(0.3)) {
            set.push_back({x, y});
            ++receivers;
          }
        }
      }
    }
    const std::int64_t words = rng.uniform(1, 20);
    LiteralMesh mesh(entry, sets, words);
    const std::int64_t cycles = mesh.cycles();
    const std::int64_t bound = words * busiest_link(sets, entry);
    EXPECT_GE(cycles, bound) << "round " << round;
    EXPECT_LE(cycles, bound == 0 ? 0 : bound + width + height - 3) << "round " << round;
    std::int64_t taken = 0;
    for (const auto& [node, count] : mesh.taken()) {
      taken += count;
    }
    EXPECT_EQ(taken, words * receivers);
  }
}

// 4 x 3 nodes: N over x in two loops (2 outside 2), K and M over y; the product's weights are K x N, inputs
// M x K, outputs M x N.
Program spread_product() {
  Program program;
  program.problem = make_gemm({.m = 2, .n = 4, .k = 2});
  const auto dim = [&](char name) {
    for (int d = 0; d < program.problem.rank(); ++d) {
      if (program.problem.dims[static_cast<std::size_t>(d)].name[0] == name) {
        return d;
      }
    }
    return -1;
  };
  program.spread = {
      {dim('N'), 1, 2, 2, 0}, {dim('N'), 1, 1, 2, 0}, {dim('K'), 1, 1, 2, 1}, {dim('M'), 1, 1, 2, 1}};
  return program;
}

TEST(Wires, NodesThatWantTheSameWordsAreOneSet) {
  FanOut fanout;
  fanout.x = 4;
  fanout.y = 4;
  const Program program = spread_product();
  const Receivers weights = receivers(program, fanout, 1, Role::kWeights);
  ASSERT_EQ(weights.size(), 8U);  // K x N, each wanted by both rows of M
  EXPECT_EQ(weights[0], (std::vector<Node>{{0, 0}, {0, 1}}));
  const Receivers inputs = receivers(program, fanout, 1, Role::kInputs);
  ASSERT_EQ(inputs.size(), 4U);  // M x K, each wanted by a whole row of 4
  EXPECT_EQ(inputs[1], (std::vector<Node>{{0, 1}, {1, 1}, {2, 1}, {3, 1}}));
  EXPECT_EQ(receivers(program, fanout, 1, Role::kOutputs).size(), 8U);
  EXPECT_EQ(receivers(program, fanout, 0, Role::kOutputs).size(), 1U);
  fanout.network = {NetworkKind::kUnicast, NetworkKind::kUnicast, NetworkKind::kUnicast};
  EXPECT_EQ(receivers(program, fanout, 1, Role::kInputs).size(), 16U);
}

TEST(Wires, ShareOfABusAndOfAMesh) {
  Accelerator accelerator;
  accelerator.levels.resize(2);
  FanOut& fanout = accelerator.levels[1].fanout;
  fanout.x = fanout.y = 4;
  fanout.links = Links{};
  const Program program = spread_product();
  EXPECT_EQ(wire_share(program, accelerator, Role::kWeights, 1, 1), 1);
  EXPECT_EQ(wire_share(program, accelerator, Role::kWeights, 0, 1), 1);  // nothing is spread above
  fanout.links->kind = LinkKind::kMesh;
  // Weights: the six sets of columns 1 to 3 leave eastwards, those of column 0 go down (one of the two sets
  // has nodes below the entry only in part, but one is enough): 6 of 8.
  EXPECT_EQ(wire_share(program, accelerator, Role::kWeights, 1, 1), 6.0 / 8);
  // Inputs: every row's words go east along row 0 and down in every column: all 4 of 4.
  EXPECT_EQ(wire_share(program, accelerator, Role::kInputs, 1, 1), 1);
  // From the middle of the row: sets of columns 0 and 2, 3 part: 4 of 8 go east.
  fanout.links->entry_x = 1;
  EXPECT_EQ(wire_share(program, accelerator, Role::kWeights, 1, 1), 4.0 / 8);
  fanout.network[0] = NetworkKind::kSystolic;
  EXPECT_EQ(wire_share(program, accelerator, Role::kWeights, 1, 1), 0);
}

TEST(Wires, TensorsThatPassAFanOutAboveAreDividedByIt) {
  Accelerator accelerator;
  accelerator.levels.resize(3);
  accelerator.levels[1].fanout.x = 4;
  accelerator.levels[2].fanout.x = 2;
  accelerator.levels[2].fanout.links = Links{};
  const Program program = spread_product();
  // Each of the eight sets below level 1 has a bus of its own behind it.
  EXPECT_EQ(wire_share(program, accelerator, Role::kWeights, 1, 2), 1.0 / 8);
}

}  // namespace
}  // namespace weft::sim
