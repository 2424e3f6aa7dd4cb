// What the steps of compression share.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cmath>
#include <cstdint>
#include <vector>

#include "workload/compress.hpp"

namespace weft::compress {

// Trained weights that belong to the layer alone: a matrix that several layers share stays as it is.
[[nodiscard]] inline bool has_own_weights(const Layer& layer) {
  return layer.problem && layer.problem->kind != "matmul" &&
         layer.parameters >= words(layer.problem->tensor(Role::kWeights));
}

// Non-zero weights, as counted or as the density says.
[[nodiscard]] inline std::int64_t nonzeros(const Problem& problem) {
  const TensorShape& tensor = problem.tensor(Role::kWeights);
  return std::llround(tensor.density * static_cast<double>(words(tensor)));
}

[[nodiscard]] inline double norm2(const std::vector<float>& words) {
  double sum = 0;
  for (const float word : words) {
    sum += static_cast<double>(word) * word;
  }
  return sum;
}

// |before - after| / |before|; 0 for nothing.
[[nodiscard]] inline double relative_error(const std::vector<float>& before,
                                           const std::vector<float>& after) {
  double sum = 0;
  for (std::size_t i = 0; i < before.size(); ++i) {
    const double difference = static_cast<double>(before[i]) - after[i];
    sum += difference * difference;
  }
  const double whole = norm2(before);
  return whole == 0 ? 0 : std::sqrt(sum / whole);
}

}  // namespace weft::compress
