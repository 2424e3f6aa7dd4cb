// SPDX-License-Identifier: Apache-2.0
#include "cli/timeline.hpp"

#include <algorithm>

namespace weft::cli {
namespace {

double cycles_of(std::uint64_t ticks) {
  return static_cast<double>(ticks) / sim::kTraceTicksPerCycle;
}

// Adds `weight` to the bins between two times, each bin by its part of it.
void add(Bins& bins, double bin_cycles, double begin, double end, double weight) {
  for (auto bin = static_cast<std::size_t>(begin / bin_cycles); bin < bins.size(); ++bin) {
    const double left = static_cast<double>(bin) * bin_cycles;
    if (left >= end) {
      return;
    }
    bins[bin] +=
        weight * std::max(0.0, std::min(end, left + bin_cycles) - std::max(begin, left)) / bin_cycles;
  }
}

Bins& named(std::vector<std::pair<std::string, Bins>>& list, const std::string& name) {
  const auto found =
      std::find_if(list.begin(), list.end(), [&](const auto& one) { return one.first == name; });
  return found != list.end() ? found->second : list.emplace_back(name, Bins(kTimelineBins, 0)).second;
}

void add_track(Timeline& to, const sim::TraceTrack& track) {
  for (const sim::TraceEvent& event : track.events) {
    Bins* bins = nullptr;
    if (track.kind == sim::TraceTrack::Kind::kPort) {
      bins = &named(to.ports, track.name);
    } else if (track.kind == sim::TraceTrack::Kind::kArray) {
      bins = event.busy ? &to.working : &named(to.waiting, event.what);
    }
    if (bins != nullptr) {
      add(*bins, to.bin_cycles, cycles_of(event.begin), cycles_of(event.end), 1);
    }
  }
}

Timeline::Buffer buffer(const sim::TraceCounter& counter, double bin_cycles, double cycles) {
  Timeline::Buffer to{.name = counter.name, .places = counter.most, .taken = Bins(kTimelineBins, 0)};
  for (std::size_t i = 0; i < counter.samples.size(); ++i) {
    const auto& [from, taken] = counter.samples[i];
    const double until = i + 1 < counter.samples.size() ? cycles_of(counter.samples[i + 1].first) : cycles;
    add(to.taken, bin_cycles, cycles_of(from), std::min(until, cycles), static_cast<double>(taken));
  }
  return to;
}

}  // namespace

Timeline timeline(const sim::Trace& trace, double cycles) {
  Timeline result;
  result.cycles = trace.truncated ? std::min(cycles, cycles_of(trace.complete_until)) : cycles;
  result.bin_cycles = std::max(result.cycles, 1.0) / static_cast<double>(kTimelineBins);
  result.working = Bins(kTimelineBins, 0);
  for (const sim::TraceTrack& track : trace.tracks) {
    add_track(result, track);
  }
  for (const sim::TraceCounter& counter : trace.counters) {
    result.buffers.push_back(buffer(counter, result.bin_cycles, result.cycles));
  }
  return result;
}

}  // namespace weft::cli
