// SPDX-License-Identifier: Apache-2.0
#include "dse/measurement_bytes.hpp"

namespace weft {

void describe(ByteStream& bytes, TensorCounts& counts) {
  bytes(counts.fills, counts.reads, counts.updates, counts.drains);
}

void describe(ByteStream& bytes, NetworkCounts& counts) {
  bytes(counts.sent, counts.delivered, counts.read_back);
}

void describe(ByteStream& bytes, Shares& shares) {
  bytes(shares.stored, shares.accesses, shares.sent, shares.arriving);
}

void describe(ByteStream& bytes, LevelCounts& counts) {
  bytes(counts.tensors, counts.network, counts.shares, counts.instances_used);
}

void describe(ByteStream& bytes, ActionCounts& counts) {
  bytes(counts.levels, counts.macs, counts.gated, counts.skipped, counts.compute_units_used);
}

void describe(ByteStream& bytes, LayerMeasurement& layer) {
  bytes(layer.cycles, layer.counts, layer.busy_cycles, layer.stalls, layer.components, layer.exact_cycles,
        layer.steps, layer.coarsened, layer.ramp_interference, layer.outputs_equal);
}

}  // namespace weft
