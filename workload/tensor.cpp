// Random integer tensors: two's complement of the tensor's width, a share of them zero.
// SPDX-License-Identifier: Apache-2.0
#include "workload/tensor.hpp"

#include <algorithm>

#include "workload/positions.hpp"

namespace weft {
namespace {

constexpr int kMaxValueBits = 16;  // products of two fit in 31 bits, so sums of 2^32 of them fit in 63

// Uniform over the values of `bits` bits without zero.
std::int32_t non_zero(int bits, Rng& rng) {
  const std::int64_t low = -(std::int64_t{1} << (bits - 1));
  const std::int64_t drawn = rng.uniform(low, bits == 1 ? low : -low - 2);
  return static_cast<std::int32_t>(drawn >= 0 ? drawn + 1 : drawn);
}

}  // namespace

Tensor random_tensor(const TensorShape& shape, Rng& rng) {
  Tensor tensor;
  for (const Rank& rank : shape.ranks) {
    tensor.extents.push_back(rank.extent);
  }
  const int bits = std::min(shape.bits, kMaxValueBits);
  tensor.values.resize(static_cast<std::size_t>(words(shape)));
  if (shape.density >= 1.0) {
    for (std::int32_t& value : tensor.values) {
      value = non_zero(bits, rng);
    }
    return tensor;
  }
  const Bitmap positions = random_positions(shape, rng);
  for (std::int64_t i = positions.next(0); i < positions.size(); i = positions.next(i + 1)) {
    tensor.values[static_cast<std::size_t>(i)] = non_zero(bits, rng);
  }
  return tensor;
}

}  // namespace weft
