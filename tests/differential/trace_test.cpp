// Does a trace show what happened and change nothing? Random layers on random machines.
// SPDX-License-Identifier: Apache-2.0
#include <memory>

#include <gtest/gtest.h>

#include "base/child_process.hpp"
#include "dataflow/lower.hpp"
#include "tests/sim/forked.hpp"
#include "tests/support/generators.hpp"

namespace weft {
namespace {

using sim::Trace;
using testing::Triple;

// What is wrong with the trace of a run, in words; empty: nothing.
std::string fault(const Trace& trace, const sim::Result& result) {
  const auto total = static_cast<std::uint64_t>(result.exact_cycles * sim::kTraceTicksPerCycle);
  for (const sim::TraceTrack& track : trace.tracks) {
    std::uint64_t last = 0;
    double busy = 0;
    for (const sim::TraceEvent& event : track.events) {
      if (event.begin < last || event.end <= event.begin || event.end > total) {
        return track.name + ": events overlap, are empty or outlast the run";
      }
      last = event.end;
      busy += event.busy ? static_cast<double>(event.end - event.begin) / sim::kTraceTicksPerCycle : 0;
    }
    for (const sim::Component& component : result.components) {
      if (component.name == track.name && component.busy != busy) {
        return track.name + ": is busy for another time than was measured";
      }
    }
  }
  for (const sim::TraceCounter& counter : trace.counters) {
    for (const auto& [at, tiles] : counter.samples) {
      if (tiles < 0 || tiles > counter.most) {
        return counter.name + ": more tiles than places";
      }
    }
    if (!counter.samples.empty() && counter.samples.back().second != 0) {
      return counter.name + ": tiles are left at the end";
    }
  }
  for (const sim::TileEvent& tile : trace.tiles) {
    if (tile.asked > tile.begin || tile.begin > tile.end) {
      return "a tile's times are out of order";
    }
  }
  return "";
}

// Runs twice the layer's program back to back, without and with the trace that is asked for.
std::string traced(const Triple& t, const sim::TraceRequest& request,
                   const std::function<std::string(const sim::Result&)>& check) {
  return in_child([&]() -> std::string {
    const auto program = std::make_shared<Program>(lower(t.mapping, t.problem, t.accelerator));
    sim::Simulator simulator(t.accelerator);
    const auto piece = [&](std::size_t i) {
      sim::Piece result{.program = program, .given = {true, i == 0, false}};
      result.after = i == 0 ? std::vector<std::size_t>{} : std::vector<std::size_t>{i - 1};
      return result;
    };
    const sim::Result plain = simulator.run_network(2, piece);
    const sim::Result recorded = simulator.run_network(2, piece, request);
    if (plain.exact_cycles != recorded.exact_cycles || plain.stalls.ramp_in != recorded.stalls.ramp_in) {
      return "the trace changes the run";
    }
    return plain.trace || !recorded.trace ? "a trace where none was asked for, or none" : check(recorded);
  });
}

TEST(Trace, ShowsWhatWasMeasuredWithoutOverlaps) {
  testing::for_each_seed(1, 300, [](std::uint64_t seed) {
    const Triple t = testing::random_triple(seed, {.max_macs = 3000});
    ASSERT_EQ(traced(t, {}, [](const sim::Result& r) { return fault(*r.trace, r); }), "")
        << testing::describe(t);
  });
}

TEST(Trace, KeepsToItsWindow) {
  testing::for_each_seed(1, 100, [](std::uint64_t seed) {
    const Triple t = testing::random_triple(seed, {.max_macs = 3000});
    const auto check = [](const sim::Result& result) -> std::string {
      for (const sim::TraceTrack& track : result.trace->tracks) {
        for (const sim::TraceEvent& event : track.events) {
          if (event.begin < (20ULL << 20) || event.end > (90ULL << 20)) {
            return track.name + ": outside";
          }
        }
      }
      return "";
    };
    ASSERT_EQ(traced(t, {.first_cycle = 20, .end_cycle = 90}, check), "") << testing::describe(t);
  });
}

// Of a trace with too little room, everything before `complete_until` is there.
TEST(Trace, SaysUpToWhereItIsComplete) {
  int truncated = 0;
  testing::for_each_seed(1, 100, [&](std::uint64_t seed) {
    const Triple t = testing::random_triple(seed, {.max_macs = 3000});
    const auto events = [](const Trace& trace, std::uint64_t before) {
      std::size_t count = 0;
      for (const sim::TraceTrack& track : trace.tracks) {
        for (const sim::TraceEvent& event : track.events) {
          count += event.begin < before ? 1 : 0;
        }
      }
      return count;
    };
    std::uint64_t until = 0;
    std::size_t held = 0;
    const std::string small = traced(t, {.most_events = 60}, [&](const sim::Result& r) {
      return r.trace->truncated ? std::to_string(r.trace->complete_until) + ' ' +
                                      std::to_string(events(*r.trace, r.trace->complete_until))
                                : "";
    });
    if (small.empty()) {
      return;
    }
    ++truncated;
    until = std::stoull(small);
    held = std::stoull(small.substr(small.find(' ')));
    ASSERT_EQ(traced(t, {}, [&](const sim::Result& r) { return std::to_string(events(*r.trace, until)); }),
              std::to_string(held))
        << testing::describe(t);
  });
  EXPECT_GT(truncated, 20);
}

}  // namespace
}  // namespace weft
