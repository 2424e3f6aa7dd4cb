// The fields of what a worker answers about a network. SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/byte_stream.hpp"
#include "cli/report.hpp"

namespace weft::cli {
void describe(ByteStream& bytes, Timeline::Buffer& buffer);
void describe(ByteStream& bytes, Timeline& timeline);
void describe(ByteStream& bytes, BackToBack& run);
}  // namespace weft::cli
