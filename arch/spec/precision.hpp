// How a compute unit uses words narrower than its own: as they are (native), by splitting itself into lanes
// (fused), or by taking operands bit by bit (serial). And what an accumulator does with a sum that it cannot
// hold. Both model and simulator obey all of this (docs/design.md 4.10).
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

namespace weft {

// native  one MAC per cycle at any width
// fused   made of bricks: floor(own width / max(width, brick)) of them per operand work side by side, so a
// unit
//         does the product of both numbers of MACs per cycle, whose sum it takes (H. Sharma et al., Bit
//         Fusion, ISCA 2018: 2-bit bricks in units of 8 bits)
//         An operand named as serial is not split but comes bit by bit, as below.
// serial  the serial operands come `bits_per_cycle` bits at a time: a MAC takes as many cycles as the longest
// of
//         them needs, the product of both where both are serial (P. Judd et al., Stripes, MICRO 2016)
enum class PrecisionMode : std::uint8_t { kNative, kFused, kSerial };
[[nodiscard]] std::string_view name_of(PrecisionMode mode);

struct Precision {
  PrecisionMode mode = PrecisionMode::kNative;
  int brick_bits = 2;                         // fused: the narrowest operand that is gained from
  bool lanes_on_y = true;                     // fused: the axis of the last fan-out that the lanes extend
  std::array<bool, 2> serial{false, false};   // weights, inputs
  int bits_per_cycle = 1;                     // of each serial operand
  double energy_factor = 1, area_factor = 1;  // over a native unit of the same width, where laws give them
  friend bool operator==(const Precision&, const Precision&) = default;
};

// ignored   sums are exact, as in 64 bits
// wrap      two's complement: the upper bits are lost
// saturate  the nearest value that can be held
enum class Overflow : std::uint8_t { kIgnored, kWrap, kSaturate };
[[nodiscard]] std::string_view name_of(Overflow overflow);

// The value that an accumulator of `bits` holds after `sum` was put into it. 1 <= bits <= 64.
[[nodiscard]] std::int64_t accumulated(std::int64_t sum, int bits, Overflow overflow);

}  // namespace weft
