// SPDX-License-Identifier: Apache-2.0
#include "dataflow/steps.hpp"

#include <algorithm>

#include "base/checked.hpp"

namespace weft {

std::int64_t temporal_iterations(const Nest& nest, int dim, std::size_t first, std::int64_t base) {
  const std::vector<NestLoop>& loops = nest.loops();
  if (base >= nest.size(dim)) {
    return 0;
  }
  while (first < loops.size() && (loops[first].spatial || loops[first].dim != dim)) {
    ++first;
  }
  if (first == loops.size()) {
    return 1;
  }
  const NestLoop& loop = loops[first];
  // All but the last useful digit see the same number of iterations inside them: their span is whole.
  const std::int64_t last = std::min(loop.bound - 1, (nest.size(dim) - 1 - base) / loop.stride);
  std::int64_t whole = 1;
  for (std::size_t i = first + 1; i < loops.size(); ++i) {
    if (!loops[i].spatial && loops[i].dim == dim) {
      whole *= loops[i].bound;
    }
  }
  return last * whole + temporal_iterations(nest, dim, first + 1, base + last * loop.stride);
}

std::int64_t temporal_iterations(const Nest& nest) {
  std::int64_t product = 1;
  for (int dim = 0; dim < nest.rank(); ++dim) {
    product = checked_mul(product, temporal_iterations(nest, dim, 0, 0));
  }
  return product;
}

}  // namespace weft
