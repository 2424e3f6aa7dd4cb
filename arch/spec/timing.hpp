// Mechanisms that cost time and move nothing: how the array takes its commands, how a memory takes its
// requests, what stands in front of it. All of them are optional; without them a machine is limited by its
// ports and buffers only. The simulator obeys them, the analytic model does not know them.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/units.hpp"

namespace weft {

// The array works by commands. One covers consecutive iterations along one dim, at most `iterations` of
// them, all with the same weights. A command keeps the array busy for its iterations, but for `least` cycles
// at any rate; behind the last one before new weights these stream in, so it takes `preload` cycles at
// least. It gives its place in the queue back `latency` cycles after its last iteration, when its results
// have left the array, and `in_flight` of them may be under way: short commands are limited by that.
struct Commands {
  std::int64_t iterations = 1;
  std::vector<std::string> along;  // dims by name: the first of them that the problem has
  Cycles least{1};
  Cycles preload{0};
  std::int64_t in_flight = 1;
  Cycles latency{0};
  friend bool operator==(const Commands&, const Commands&) = default;
};

struct Controller {
  std::optional<Commands> commands;
  // Iterations of the outermost level's loops that may be under way at once, from their first load to their
  // last store; none: as many as the buffers hold.
  std::optional<std::int64_t> tiles_in_flight;
  friend bool operator==(const Controller&, const Controller&) = default;
};

// In which order a memory holds the words of a tensor; the last rank is contiguous.
//   channels-first  the ranks as the problem lists them (conv: N C H W, weights K C R S)
//   channels-last   positions and kernel, then reduction, then filters (N H W C, weights R S C K)
enum class Layout : std::uint8_t { kChannelsFirst, kChannelsLast };
[[nodiscard]] std::string_view name_of(Layout layout);

// What a transfer asks a memory for: contiguous words of one row of a tensor's last rank, at most
// `read` or `write` bits at a time, and a request takes `least` cycles of the port at least.
struct Requests {
  Bits read{512};
  Bits write{512};
  Cycles least{1};
  Layout layout = Layout::kChannelsFirst;
  friend bool operator==(const Requests&, const Requests&) = default;
};

// A set-associative write-back cache between the memory and its ports, with random replacement; every line
// that passes between the two occupies the port for `miss` cycles more.
struct Cache {
  Bits capacity{8 * 1024 * 512};
  std::int64_t ways = 8;
  Bits line{512};
  Cycles miss{1};
  friend bool operator==(const Cache&, const Cache&) = default;
};

// Who may use a bank in a cycle: one access of any kind, or a read and a write.
enum class BankPorts : std::uint8_t { kOne, kTwo };
[[nodiscard]] std::string_view name_of(BankPorts ports);

// The words of every tile in a memory lie in its banks in turn, `interleave` bits in each, from the first
// bank on, in the order that `layout` says. A bank serves one access of the memory's width in a cycle;
// accesses that meet in a bank wait for each other. None: banks cost area and energy only.
struct Banking {
  Bits interleave{64};
  BankPorts ports = BankPorts::kOne;
  Layout layout = Layout::kChannelsFirst;
  friend bool operator==(const Banking&, const Banking&) = default;
};

// The wires of a fan-out, which all its tensors share but those that neighbours hand on (systolic).
//   bus   one word at a time for whoever wants it, down or up; what is reduced is added up before
//   mesh  a node per instance with links to its neighbours, both ways; words go along X, then along Y, and
//         come back the same way; those for several instances are copied, and sums added, in the nodes
enum class LinkKind : std::uint8_t { kBus, kMesh };
[[nodiscard]] std::string_view name_of(LinkKind kind);
struct Links {
  LinkKind kind = LinkKind::kBus;
  BitsPerCycle bandwidth{64};             // of the bus, or of each link in each direction
  std::int64_t entry_x = 0, entry_y = 0;  // node of a mesh that the memory above is at
  friend bool operator==(const Links&, const Links&) = default;
};

// Which words of an operand's tile come down when the loops outside the level advance.
//   changes  those that are new
//   tiles    all words of the tile, changed or not
//   boxes    all words of the box around it, whole strides of a strided window included
enum class Fetch : std::uint8_t { kChanges, kTiles, kBoxes };
[[nodiscard]] std::string_view name_of(Fetch fetch);

}  // namespace weft
