// SPDX-License-Identifier: Apache-2.0
#include "arch/sim/result_bytes.hpp"

namespace weft {

void describe(ByteStream& bytes, Accumulators& outputs) {
  bytes(outputs.extents, outputs.values);
}

namespace sim {

void describe(ByteStream& bytes, MeasuredTensor& t) {
  bytes(t.fills, t.reads, t.updates, t.drains, t.sent, t.delivered, t.read_back, t.stored, t.accesses,
        t.sent_share, t.arriving_share);
}

void describe(ByteStream& bytes, MeasuredLevel& level) {
  bytes(level.tensors, level.busy_cycles);
}

void describe(ByteStream& bytes, Reason& reason) {
  bytes(reason.stall, reason.why, reason.role, reason.store, reason.level, reason.other, reason.port,
        reason.cycles);
}

void describe(ByteStream& bytes, Stalls& s) {
  bytes(s.computing, s.commands, s.ramp_in, s.waiting_for, s.operand_bandwidth, s.held_back, s.ramp_out,
        s.reasons);
}

void describe(ByteStream& bytes, Component& component) {
  bytes(component.name, component.kind, component.busy, component.waits, component.idle);
}

void describe(ByteStream& bytes, Result& r) {
  bytes(r.cycles, r.exact_cycles, r.levels, r.macs, r.gated, r.skipped, r.stalls, r.components,
        r.ramp_interference, r.cache_lines, r.cache_misses, r.outputs, r.layer_ends);
}

}  // namespace sim
}  // namespace weft
