// 64-bit integer arithmetic that reports overflow instead of wrapping.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <stdexcept>

namespace weft {

// A count or size that does not fit in 63 bits. Callers with a file at hand turn it into a diagnostic.
class OverflowError : public std::overflow_error {
 public:
  OverflowError() : std::overflow_error("a count exceeds 2^63-1") {}
};

[[nodiscard]] inline std::int64_t checked_mul(std::int64_t a, std::int64_t b) {
  std::int64_t result = 0;
  if (__builtin_mul_overflow(a, b, &result)) {
    throw OverflowError();
  }
  return result;
}

[[nodiscard]] inline std::int64_t checked_add(std::int64_t a, std::int64_t b) {
  std::int64_t result = 0;
  if (__builtin_add_overflow(a, b, &result)) {
    throw OverflowError();
  }
  return result;
}

// a / b rounded up; a >= 0, b > 0.
[[nodiscard]] constexpr std::int64_t ceil_div(std::int64_t a, std::int64_t b) {
  return a / b + (a % b != 0 ? 1 : 0);
}

}  // namespace weft
