// SPDX-License-Identifier: Apache-2.0
#include "arch/spec/precision.hpp"

#include <algorithm>

namespace weft {

std::string_view name_of(PrecisionMode mode) {
  switch (mode) {
    case PrecisionMode::kNative:
      return "native";
    case PrecisionMode::kFused:
      return "fused";
    case PrecisionMode::kSerial:
      return "serial";
  }
  return "";
}

std::string_view name_of(Overflow overflow) {
  switch (overflow) {
    case Overflow::kIgnored:
      return "ignored";
    case Overflow::kWrap:
      return "wrap";
    case Overflow::kSaturate:
      return "saturate";
  }
  return "";
}

std::int64_t accumulated(std::int64_t sum, int bits, Overflow overflow) {
  if (overflow == Overflow::kIgnored || bits >= 64) {
    return sum;
  }
  const std::int64_t half = std::int64_t{1} << (bits - 1);
  if (overflow == Overflow::kSaturate) {
    return std::clamp(sum, -half, half - 1);
  }
  const std::uint64_t kept = static_cast<std::uint64_t>(sum) & ((std::uint64_t{1} << bits) - 1);
  const auto value = static_cast<std::int64_t>(kept);
  return value >= half ? value - 2 * half : value;
}

}  // namespace weft
