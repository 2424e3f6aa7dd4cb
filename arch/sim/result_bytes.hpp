// The fields of what a run has measured, for answers between processes (base/byte_stream.hpp). Traces stay in
// the process that recorded them.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "arch/sim/result.hpp"
#include "base/byte_stream.hpp"

namespace weft {
void describe(ByteStream& bytes, Accumulators& outputs);
}

namespace weft::sim {
void describe(ByteStream& bytes, MeasuredTensor& tensor);
void describe(ByteStream& bytes, MeasuredLevel& level);
void describe(ByteStream& bytes, Reason& reason);
void describe(ByteStream& bytes, Stalls& stalls);
void describe(ByteStream& bytes, Component& component);
void describe(ByteStream& bytes, Result& result);
}  // namespace weft::sim
