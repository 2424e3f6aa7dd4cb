// The fields of what simulating a layer has shown, for answers between processes (base/byte_stream.hpp).
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "arch/sim/result_bytes.hpp"
#include "dse/simulate_layer.hpp"

namespace weft {
void describe(ByteStream& bytes, TensorCounts& counts);
void describe(ByteStream& bytes, NetworkCounts& counts);
void describe(ByteStream& bytes, Shares& shares);
void describe(ByteStream& bytes, LevelCounts& counts);
void describe(ByteStream& bytes, ActionCounts& counts);
void describe(ByteStream& bytes, LayerMeasurement& layer);
}  // namespace weft
