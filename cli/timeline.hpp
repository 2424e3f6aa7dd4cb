// How a simulated run went over time, in a few hundred bins: for pages that draw it. A trace has every event,
// this has their shares.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "arch/sim/simulator.hpp"

namespace weft::cli {

// One value per bin.
using Bins = std::vector<double>;

struct Timeline {
  double bin_cycles = 0;  // length of a bin; the last one may be longer than what is left of the run
  double cycles = 0;      // what the bins cover: all of the run, or what the trace has whole
  Bins working{};         // share of the bin in which the array did MACs
  std::vector<std::pair<std::string, Bins>> waiting{};  // the same for what the array waited for
  std::vector<std::pair<std::string, Bins>> ports{};    // share in which the port moved words
  struct Buffer {
    std::string name{};  // "weights in GLB"
    std::int64_t places = 0;
    Bins taken{};  // mean number of places taken
  };
  std::vector<Buffer> buffers{};
};

inline constexpr std::size_t kTimelineBins = 300;
// Enough for every network of the presets on its machines; a longer run is cut where the trace is.
inline constexpr sim::TraceRequest kTimelineTrace{.most_events = 400'000};

[[nodiscard]] Timeline timeline(const sim::Trace& trace, double cycles);

}  // namespace weft::cli
