// WEFT_CLONES before a function: compiled for vectors of several widths, and the loader takes the widest
// that the processor has. Once only where there is no such choice, and under the thread sanitizer, which is
// not there yet when the loader asks.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>

namespace weft::exact {

// Doubles of the widest.
inline constexpr std::size_t kVector = 8;
// Rows are made of whole vectors.
[[nodiscard]] constexpr std::size_t padded(std::size_t doubles) {
  return (doubles + kVector - 1) / kVector * kVector;
}

}  // namespace weft::exact

#if defined(__has_feature)
#if __has_feature(thread_sanitizer)
#define WEFT_THREAD_SANITIZER
#endif
#endif

#if !defined(__x86_64__) || defined(__SANITIZE_THREAD__) || defined(WEFT_THREAD_SANITIZER)
#define WEFT_CLONES
#else
#define WEFT_CLONES __attribute__((target_clones("avx512f", "avx2", "default")))
#endif
