// See resize.hpp.
// SPDX-License-Identifier: Apache-2.0
#include "workload/compress/resize.hpp"

#include <cmath>

namespace weft::compress {

void resize_dim(Problem& problem, int dim, std::int64_t size) {
  for (const Role role : kAllRoles) {
    TensorShape& tensor = problem.tensor(role);
    for (Rank& rank : tensor.ranks) {
      if (rank.terms.size() == 1 && rank.terms.front().dim == dim) {
        rank.extent = size;
      }
    }
    if (tensor.model.pattern == Pattern::kMeasured) {
      tensor.model = {};
    }
  }
  problem.dims[static_cast<std::size_t>(dim)].size = size;
}

void scale_vector_work(Layer& layer, double share, std::int64_t weights_before) {
  const auto scaled = [share](std::int64_t count) {
    return std::llround(share * static_cast<double>(count));
  };
  for (VectorOp& op : layer.post_ops) {
    op.elements = scaled(op.elements);
    op.extra_input_words = scaled(op.extra_input_words);
    op.output_words = scaled(op.output_words);
  }
  const std::int64_t weights_after = layer.problem ? words(layer.problem->tensor(Role::kWeights)) : 0;
  const bool own = layer.parameters >= weights_before;
  layer.parameters =
      own ? weights_after + scaled(layer.parameters - weights_before) : scaled(layer.parameters);
}

}  // namespace weft::compress
