// SPDX-License-Identifier: Apache-2.0
#include "cli/bench_bytes.hpp"

#include "arch/sim/result_bytes.hpp"

namespace weft::cli {

void describe(ByteStream& bytes, Timeline::Buffer& buffer) {
  bytes(buffer.name, buffer.places, buffer.taken);
}

void describe(ByteStream& bytes, Timeline& timeline) {
  bytes(timeline.bin_cycles, timeline.cycles, timeline.working, timeline.waiting, timeline.ports,
        timeline.buffers);
}

void describe(ByteStream& bytes, BackToBack& run) {
  bytes(run.cycles, run.sum_of_layers, run.without_early_tiles, run.rounding, run.stalls, run.components,
        run.timeline, run.ends);
}

}  // namespace weft::cli
