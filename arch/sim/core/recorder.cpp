// See recorder.hpp.
// SPDX-License-Identifier: Apache-2.0
#include "arch/sim/core/recorder.hpp"

#include <algorithm>
#include <utility>

namespace weft::sim {

Recorder::Recorder(const TraceRequest& request, Ticks origin)
    : origin_(origin),
      first_(ticks_of(request.first_cycle)),
      end_(ticks_of(request.end_cycle)),
      room_(request.most_events) {}

int Recorder::add_track(std::string name, TraceTrack::Kind kind) {
  trace_.tracks.push_back({std::move(name), kind, {}});
  return static_cast<int>(trace_.tracks.size()) - 1;
}

int Recorder::add_counter(std::string name, std::int64_t most) {
  trace_.counters.push_back({std::move(name), most, {}});
  return static_cast<int>(trace_.counters.size()) - 1;
}

bool Recorder::room(Ticks end) {
  if (room_ > 0) {
    --room_;
    return true;
  }
  // Everything that ended before the first event without a place has been recorded.
  trace_.complete_until = trace_.truncated ? std::min(trace_.complete_until, end) : end;
  trace_.truncated = true;
  return false;
}

void Recorder::event(int track, TraceEvent event) {
  event.begin = std::max(event.begin - origin_, first_);
  event.end = std::min(event.end - origin_, end_);
  if (event.begin < event.end && room(event.begin)) {
    trace_.tracks[static_cast<std::size_t>(track)].events.push_back(event);
  }
}

void Recorder::sample(int counter, Ticks at, std::int64_t value) {
  at -= origin_;
  auto& samples = trace_.counters[static_cast<std::size_t>(counter)].samples;
  if (at >= end_) {
    return;
  }
  at = std::max(at, first_);  // the window begins with what was there before
  if (!samples.empty() && samples.back().first == at) {
    samples.back().second = value;
  } else if (room(at)) {
    samples.emplace_back(at, value);
  }
}

void Recorder::tile(TileEvent event) {
  event.asked -= origin_;
  event.begin -= origin_;
  event.end -= origin_;
  if (event.end >= first_ && event.asked < end_ && room(event.asked)) {
    trace_.tiles.push_back(event);
  }
}

Trace Recorder::take() {
  for (TraceTrack& track : trace_.tracks) {
    std::stable_sort(track.events.begin(), track.events.end(),
                     [](const TraceEvent& a, const TraceEvent& b) { return a.begin < b.begin; });
  }
  std::stable_sort(trace_.tiles.begin(), trace_.tiles.end(),
                   [](const TileEvent& a, const TileEvent& b) { return a.asked < b.asked; });
  return std::move(trace_);
}

}  // namespace weft::sim
