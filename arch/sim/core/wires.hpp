// What a transfer asks of the wires of a fan-out: on a bus every word once, in a mesh what its busiest link
// carries. No time, no SystemC.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <vector>

#include "arch/program.hpp"
#include "arch/spec/accelerator.hpp"

namespace weft::sim {

struct Node {
  std::int64_t x = 0, y = 0;
  friend bool operator==(const Node&, const Node&) = default;
  friend auto operator<=>(const Node&, const Node&) = default;
};

// The nodes of a fan-out that take the same words of a tensor (outputs: add to the same ones), first by
// first.
using Receivers = std::vector<std::vector<Node>>;
// As the first tile has them: words are the same where tiles are. What tiles only share in part travels to
// each of them. On a network without multicast (reduction) every instance in use is by itself.
[[nodiscard]] Receivers receivers(const Program& program, const FanOut& fanout, int level, Role role);

// Sets of receivers whose words pass the busiest link, when each set has one tree: from the entry along X,
// then along Y. Every word that passes a link has passed the one before it, so the busiest is one that leaves
// the entry.
[[nodiscard]] std::int64_t busiest_link(const Receivers& sets, Node entry);

// Of the words that leave (reach) the first instance of `parent` for the level `child`, the share that the
// wires below `level` carry, on the busiest link of its first instance; 0: none of its words take these
// wires.
[[nodiscard]] double wire_share(const Program& program, const Accelerator& accelerator, Role role, int parent,
                                int level);

}  // namespace weft::sim
