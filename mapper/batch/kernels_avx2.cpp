// The kernels for machines with AVX2.
// SPDX-License-Identifier: Apache-2.0
#define WEFT_BATCH_TARGET avx2
#define WEFT_BATCH_LANES 4
#include "mapper/batch/kernels_body.hpp"
