// Where the non-zeros of a synthetic tensor are, from its density model and a seed.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/rng.hpp"
#include "workload/problem.hpp"
#include "workload/tensor.hpp"

namespace weft {

// One bit for every stored word, row-major. A measured model gives its own positions; the tensor must have
// as many words (std::invalid_argument otherwise).
[[nodiscard]] Bitmap random_positions(const TensorShape& shape, Rng& rng);
[[nodiscard]] Bitmap positions_of(const Tensor& tensor);

}  // namespace weft
