// What a layer is when channels that it makes or reads are gone.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "workload/network.hpp"

namespace weft::compress {

// A dim of the problem to another size, in all tensors. Positions of non-zeros that were measured are no
// more; the share of non-zeros stays.
void resize_dim(Problem& problem, int dim, std::int64_t size);

// Vector work goes with the channels of the layer's result; so do its biases and norms. `weights_before`:
// words of the problem's weights before it was resized.
void scale_vector_work(Layer& layer, double share, std::int64_t weights_before);

}  // namespace weft::compress
