// Integer tensors for the simulator and the naive reference it is checked against.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <vector>

#include "base/rng.hpp"
#include "workload/problem.hpp"

namespace weft {

// Dense values in row-major order of the tensor's ranks (extents as stored, padding excluded).
struct Tensor {
  std::vector<std::int64_t> extents{};
  std::vector<std::int32_t> values{};
};

// Accumulators of an output tensor.
struct Accumulators {
  std::vector<std::int64_t> extents{};
  std::vector<std::int64_t> values{};
};

// Random values of the tensor's width (two's complement, at most 16 bits are used so that sums of
// products stay within 64) non-zero where the density model says (positions.hpp).
[[nodiscard]] Tensor random_tensor(const TensorShape& shape, Rng& rng);

// The naive reference: every MAC of the problem, padding as zero. Exact in 64 bits.
[[nodiscard]] Accumulators reference(const Problem& problem, const Tensor& weights, const Tensor& inputs);

}  // namespace weft
