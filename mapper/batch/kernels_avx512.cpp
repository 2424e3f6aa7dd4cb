// The kernels for machines with AVX-512.
// SPDX-License-Identifier: Apache-2.0
#define WEFT_BATCH_TARGET avx512
#define WEFT_BATCH_LANES 8
#include "mapper/batch/kernels_body.hpp"
