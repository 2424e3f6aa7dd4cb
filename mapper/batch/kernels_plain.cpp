// The kernels for any machine.
// SPDX-License-Identifier: Apache-2.0
#define WEFT_BATCH_TARGET plain
#define WEFT_BATCH_LANES 2
#include "mapper/batch/kernels_body.hpp"
