// Amounts of data for people.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cmath>
#include <cstdint>
#include <limits>
#include <string>

#include "base/table.hpp"

namespace weft::cli {

// Bytes, or four significant digits in KiB, MiB, GiB, TiB or PiB; 2^63-1 bits are where counts stop.
[[nodiscard]] inline std::string human_bytes(std::int64_t bits) {
  if (bits == std::numeric_limits<std::int64_t>::max()) {
    return "1 EiB or more";
  }
  double amount = static_cast<double>(bits) / 8;
  const char* unit = "B";
  for (const char* larger : {"KiB", "MiB", "GiB", "TiB", "PiB"}) {
    if (amount < 1024) {
      break;
    }
    amount /= 1024;
    unit = larger;
  }
  const bool whole = bits < 8 * 1024 && bits % 8 == 0;
  return (whole ? std::to_string(bits / 8) : significant(amount)) + " " + unit;
}

// The same of a memory's size, where 2^63-1 bits mean that it has no limit.
[[nodiscard]] inline std::string human_room(std::int64_t bits) {
  return bits == std::numeric_limits<std::int64_t>::max() ? "unlimited" : human_bytes(bits);
}

}  // namespace weft::cli
