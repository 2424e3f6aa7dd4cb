// See positions.hpp.
// SPDX-License-Identifier: Apache-2.0
#include "workload/positions.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <stdexcept>

namespace weft {
namespace {

// Words before rank `axis` vary / along it / behind it.
struct Axis {
  std::int64_t outer = 1, size = 1, inner = 1;
};

Axis axis_of(const TensorShape& shape, std::size_t axis) {
  Axis result;
  for (std::size_t k = 0; k < shape.ranks.size(); ++k) {
    (k < axis ? result.outer : k == axis ? result.size : result.inner) *= shape.ranks[k].extent;
  }
  return result;
}

// `wanted` of the items 0 .. count-1, all sets equally likely (Knuth's selection sampling, TAOCP 3.4.2 S).
template <class Take>
void sample(std::int64_t count, std::int64_t wanted, Rng& rng, const Take& take) {
  for (std::int64_t i = 0; i < count && wanted > 0; ++i) {
    if (rng.unit() * static_cast<double>(count - i) < static_cast<double>(wanted)) {
      take(i);
      --wanted;
    }
  }
}

std::size_t leading_rank(const TensorShape& shape) {
  std::size_t rank = 0;
  while (rank + 1 < shape.ranks.size() && shape.ranks[rank].extent == 1) {
    ++rank;
  }
  return rank;
}

std::size_t chosen_rank(const TensorShape& shape) {
  return shape.model.axis >= 0 ? static_cast<std::size_t>(shape.model.axis) : leading_rank(shape);
}

std::int64_t rounded(double density, std::int64_t count) {
  return std::clamp<std::int64_t>(std::llround(density * static_cast<double>(count)), 0, count);
}

void uniform(const TensorShape& shape, Rng& rng, Bitmap& bits) {
  sample(bits.size(), rounded(shape.density, bits.size()), rng, [&](std::int64_t i) { bits.set(i); });
}

void n_of_m(const TensorShape& shape, Rng& rng, Bitmap& bits) {
  const Axis axis = axis_of(shape, chosen_rank(shape));
  for (std::int64_t o = 0; o < axis.outer; ++o) {
    for (std::int64_t i = 0; i < axis.inner; ++i) {
      for (std::int64_t first = 0; first < axis.size; first += shape.model.m) {
        const std::int64_t group = std::min(shape.model.m, axis.size - first);
        const std::int64_t wanted = std::min(group, shape.model.n);
        sample(group, wanted, rng,
               [&](std::int64_t k) { bits.set((o * axis.size + first + k) * axis.inner + i); });
      }
    }
  }
}

void banded(const TensorShape& shape, Bitmap& bits) {
  const std::int64_t rows = axis_of(shape, leading_rank(shape)).size;
  const std::int64_t columns = bits.size() / rows;
  const std::int64_t width = std::max<std::int64_t>(1, rounded(shape.density, columns));
  for (std::int64_t r = 0; r < rows; ++r) {
    const std::int64_t centre = r * columns / rows;
    const std::int64_t first = std::clamp<std::int64_t>(centre - width / 2, 0, columns - width);
    for (std::int64_t c = first; c < first + width; ++c) {
      bits.set(r * columns + c);
    }
  }
}

void block(const TensorShape& shape, Rng& rng, Bitmap& bits) {
  const std::int64_t blocks = (bits.size() + shape.model.block - 1) / shape.model.block;
  sample(blocks, std::max<std::int64_t>(1, rounded(shape.density, blocks)), rng, [&](std::int64_t b) {
    const std::int64_t end = std::min(bits.size(), (b + 1) * shape.model.block);
    for (std::int64_t i = b * shape.model.block; i < end; ++i) {
      bits.set(i);
    }
  });
}

void channel(const TensorShape& shape, Rng& rng, Bitmap& bits) {
  const Axis axis = axis_of(shape, chosen_rank(shape));
  sample(axis.size, std::max<std::int64_t>(1, rounded(shape.density, axis.size)), rng, [&](std::int64_t k) {
    for (std::int64_t o = 0; o < axis.outer; ++o) {
      for (std::int64_t i = 0; i < axis.inner; ++i) {
        bits.set((o * axis.size + k) * axis.inner + i);
      }
    }
  });
}

// Rows take their share of the non-zeros up to their length; what is cut off goes to the next ones.
void power_law(const TensorShape& shape, Rng& rng, Bitmap& bits) {
  const std::int64_t rows = axis_of(shape, leading_rank(shape)).size;
  const std::int64_t columns = bits.size() / rows;
  std::vector<std::int64_t> order(static_cast<std::size_t>(rows));
  std::iota(order.begin(), order.end(), std::int64_t{0});
  rng.shuffle(order);
  double weights = 0;
  for (std::int64_t r = 0; r < rows; ++r) {
    weights += std::pow(static_cast<double>(r + 1), -shape.model.exponent);
  }
  auto left = static_cast<double>(rounded(shape.density, bits.size()));
  double owed = 0;
  for (std::int64_t r = 0; r < rows; ++r) {
    const double weight = std::pow(static_cast<double>(r + 1), -shape.model.exponent);
    const double wanted = left * weight / weights + owed;
    const std::int64_t taken = std::clamp<std::int64_t>(std::llround(wanted), 0, columns);
    owed = 0;
    left -= static_cast<double>(taken);
    weights -= weight;
    const std::int64_t row = order[static_cast<std::size_t>(r)] * columns;
    sample(columns, taken, rng, [&](std::int64_t c) { bits.set(row + c); });
  }
}

}  // namespace

Bitmap random_positions(const TensorShape& shape, Rng& rng) {
  if (shape.model.pattern == Pattern::kMeasured) {
    if (shape.model.positions->size() != words(shape)) {
      throw std::invalid_argument("'" + shape.model.file + "' has " +
                                  std::to_string(shape.model.positions->size()) + " words, the tensor " +
                                  std::to_string(words(shape)));
    }
    return *shape.model.positions;
  }
  Bitmap bits(words(shape));
  switch (shape.model.pattern) {
    case Pattern::kUniform:
    case Pattern::kMeasured:
      uniform(shape, rng, bits);
      break;
    case Pattern::kNofM:
      n_of_m(shape, rng, bits);
      break;
    case Pattern::kBanded:
      banded(shape, bits);
      break;
    case Pattern::kBlock:
      block(shape, rng, bits);
      break;
    case Pattern::kChannel:
      channel(shape, rng, bits);
      break;
    case Pattern::kPowerLaw:
      power_law(shape, rng, bits);
      break;
  }
  return bits;
}

Bitmap positions_of(const Tensor& tensor) {
  Bitmap bits(static_cast<std::int64_t>(tensor.values.size()));
  for (std::size_t i = 0; i < tensor.values.size(); ++i) {
    if (tensor.values[i] != 0) {
      bits.set(static_cast<std::int64_t>(i));
    }
  }
  return bits;
}

}  // namespace weft
