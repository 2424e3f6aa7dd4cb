// The currency: how often every component did what, as counted by the model, by the simulator and by
// the literal walker of the loop nest. The three must agree to the last word. docs/design.md, section 4,
// states the rules.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <vector>

#include "workload/problem.hpp"

namespace weft {

// Words, summed over all instances of a level, for one tensor the level keeps (all zero: bypassed).
struct TensorCounts {
  std::int64_t fills = 0;    // enter from the parent (outputs: partial sums read back)
  std::int64_t reads = 0;    // leave towards children or compute (outputs: partial sums for accumulation)
  std::int64_t updates = 0;  // partial results arriving from below (outputs only)
  std::int64_t drains = 0;   // leave upwards (outputs only)
  friend bool operator==(const TensorCounts&, const TensorCounts&) = default;
};

// Words through the networks between a keeping level and the next keeper below it (or compute).
struct NetworkCounts {
  std::int64_t sent = 0;  // operands: words read from the parent; outputs: updates arriving at the parent
  std::int64_t delivered =
      0;  // operands: words received over all receivers; outputs: words sent by all senders
  std::int64_t read_back = 0;  // outputs: partial sums delivered down to receivers
  friend bool operator==(const NetworkCounts&, const NetworkCounts&) = default;
};

// What zeros make of a level's words, as shares: bits written down over bits of all words, and accesses that
// happen of those that serve the compute units; words that a sieve lets through, of those that the next
// keeper below asks for and of those to be brought here. Expected by the model, counted by the simulator.
struct Shares {
  double stored = 1;
  double accesses = 1;
  double sent = 1, arriving = 1;
  friend bool operator==(const Shares&, const Shares&) = default;
};

struct LevelCounts {
  PerRole<TensorCounts> tensors{};
  PerRole<NetworkCounts> network{};  // below this level, towards the next keeper of the tensor
  PerRole<Shares> shares{};
  std::int64_t instances_used = 1;  // of this level
  friend bool operator==(const LevelCounts&, const LevelCounts&) = default;
};

// Component x action x tensor -> count.
struct ActionCounts {
  std::vector<LevelCounts> levels;      // outermost first
  std::int64_t macs = 0;                // all of the problem
  std::int64_t gated = 0, skipped = 0;  // of them: switched off, and left out
  std::int64_t compute_units_used = 1;
  friend bool operator==(const ActionCounts&, const ActionCounts&) = default;
};

// What the model expects of a tensor at a level (all ones where the accelerator has no effect).
[[nodiscard]] Shares expected_shares(const struct Accelerator& accelerator, int level, Role role);

// Conventions that tools differ in. The defaults are ours; timeloop() gives that tool's.
enum class Footprint : std::uint8_t {
  kUnion,
  kBoundingBox
};  // strided windows: elements touched, or their hull
// When a moving window keeps the words it shares with the tile before (where the level reuses halos at all):
// always, or only while it goes on sliding: when the loop that advances, and the wraps of those inside it,
// move the window along every rank exactly as far as the innermost temporal loop outside the level does.
enum class Slides : std::uint8_t { kAny, kSteady };
// Whether the first visit of an output word costs the level a fill (clearing it) or nothing.
enum class FirstFill : std::uint8_t { kElided, kCounted };

struct CountOptions {
  Footprint footprint = Footprint::kUnion;
  Slides slides = Slides::kAny;
  FirstFill first_fill = FirstFill::kElided;
  [[nodiscard]] static CountOptions timeloop() {
    return {
        .footprint = Footprint::kBoundingBox, .slides = Slides::kSteady, .first_fill = FirstFill::kElided};
  }
};

}  // namespace weft
