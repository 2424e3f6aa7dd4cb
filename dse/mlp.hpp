// Accuracy from a small neural network over a space's genes: one input per option of an active gene, linear
// layers with ReLU between them, one output.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "dse/accuracy.hpp"

namespace weft {

// weights[from * outputs + to], so that an input that is one adds a row.
struct Dense {
  std::size_t inputs = 0, outputs = 0;
  std::vector<double> weights, bias;
};

struct Mlp {
  std::vector<Dense> layers;
  // For each gene of the space and each of its options, the input that is one.
  std::vector<std::vector<std::size_t>> inputs;
  double scale = 1, offset = 0;  // per cent = scale * output + offset
  double cap = 100;              // never more than so many per cent
  std::string what;
};

// Throws std::invalid_argument: the sizes of the layers do not fit, an input does not exist.
[[nodiscard]] std::shared_ptr<const AccuracyModel> mlp_accuracy(Mlp mlp);

// From a user's file (configs/accuracy/README.md). Throws ConfigError: missing-file, bad-safetensors,
// bad-predictor.
[[nodiscard]] std::shared_ptr<const AccuracyModel> load_safetensors_predictor(
    const std::filesystem::path& file, const NetworkSpace& space);

}  // namespace weft
