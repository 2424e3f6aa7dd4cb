// WEFT_CLONES before a function: compiled for vectors of several widths, and the loader takes the widest
// that the processor has. Once only where there is no such choice, and under the thread sanitizer, which is
// not there yet when the loader asks.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

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
