// What happened when, as plain data: one track per port and engine, occupancy of the buffers, and a list of
// tiles. Recorded on demand, within a window and up to a number of events. Times are ticks of 2^-20 cycle.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "workload/problem.hpp"

namespace weft::sim {

inline constexpr double kTraceTicksPerCycle = 1048576;

struct TraceRequest {
  std::int64_t first_cycle = 0;
  std::int64_t end_cycle = std::int64_t{1} << 40;  // not included
  std::int64_t most_events = 1'000'000;            // of all tracks and counters together
};

// From `begin` to `end`; events of a track do not overlap.
struct TraceEvent {
  std::uint64_t begin = 0, end = 0;
  const char* what = "";   // "moving", "waits for a free slot", "MACs"
  bool busy = false;       // at work, not waiting
  std::int32_t piece = 0;  // of the network
  std::int64_t item = 0;   // tile of the engine, or step
};

struct TraceTrack {
  enum class Kind : std::uint8_t { kArray, kPort, kMover, kVectorUnit };
  std::string name{};
  Kind kind = Kind::kArray;
  std::vector<TraceEvent> events{};  // in order of time
};

// Places of a buffer that are taken, from each time on.
struct TraceCounter {
  std::string name{};  // "weights in GLB"
  std::int64_t most = 0;
  std::vector<std::pair<std::uint64_t, std::int64_t>> samples{};
};

// One tile's way: asked for (its engine turned to it), its words began to move, all were there.
struct TileEvent {
  std::int32_t piece = 0;
  bool store = false;
  Role role = Role::kWeights;
  int level = 0, other = 0;  // as Reason
  std::int64_t tile = 0, step = 0;
  std::int64_t words = 0;  // leaving the source, all instances
  std::uint64_t asked = 0, begin = 0, end = 0;
};

struct Trace {
  std::vector<TraceTrack> tracks{};
  std::vector<TraceCounter> counters{};
  std::vector<TileEvent> tiles{};
  bool truncated = false;            // most_events was reached
  std::uint64_t complete_until = 0;  // if truncated: nothing before this time is missing
};

}  // namespace weft::sim
