// Collects a trace while a program runs: within the window asked for, and not more than was asked for.
// No SystemC.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>

#include "arch/sim/core/time_grid.hpp"
#include "arch/sim/trace.hpp"

namespace weft::sim {

class Recorder {
 public:
  // Time zero of the trace is `origin`.
  Recorder(const TraceRequest& request, Ticks origin);
  // Their numbers, from 0 on.
  int add_track(std::string name, TraceTrack::Kind kind);
  int add_counter(std::string name, std::int64_t most);
  // Cut at the window; events without length, or outside, are left out.
  void event(int track, TraceEvent event);
  void sample(int counter, Ticks at, std::int64_t value);
  void tile(TileEvent event);
  // Tracks in order of time. Once.
  [[nodiscard]] Trace take();

 private:
  // Is there room for an event that ends at `end`?
  [[nodiscard]] bool room(Ticks end);
  Ticks origin_, first_, end_;
  std::int64_t room_;
  Trace trace_;
};

}  // namespace weft::sim
