// Evaluates predictors.
// SPDX-License-Identifier: Apache-2.0
#include "dse/mlp.hpp"

#include <algorithm>
#include <stdexcept>

namespace weft {

namespace {

class MlpAccuracy final : public AccuracyModel {
 public:
  explicit MlpAccuracy(Mlp mlp) : mlp_(std::move(mlp)) {}

  double percent(const NetworkSpace& space, const Genome& genome) const override {
    const Dense& first = mlp_.layers.front();
    std::vector<double> values = first.bias;
    for (std::size_t gene = 0; gene < mlp_.inputs.size(); ++gene) {
      if (space.active(genome, gene)) {
        const std::size_t input = mlp_.inputs[gene][static_cast<std::size_t>(genome[gene])];
        const double* row = first.weights.data() + input * first.outputs;
        for (std::size_t to = 0; to < first.outputs; ++to) {
          values[to] += row[to];
        }
      }
    }
    for (std::size_t at = 1; at < mlp_.layers.size(); ++at) {
      const Dense& layer = mlp_.layers[at];
      std::vector<double> next = layer.bias;
      for (std::size_t from = 0; from < layer.inputs; ++from) {
        const double input = std::max(0.0, values[from]);
        const double* row = layer.weights.data() + from * layer.outputs;
        for (std::size_t to = 0; input > 0 && to < layer.outputs; ++to) {
          next[to] += input * row[to];
        }
      }
      values = std::move(next);
    }
    return std::clamp(mlp_.scale * values.front() + mlp_.offset, 0.0, mlp_.cap);
  }
  std::string what() const override { return mlp_.what; }

 private:
  Mlp mlp_;
};

}  // namespace

std::shared_ptr<const AccuracyModel> mlp_accuracy(Mlp mlp) {
  std::size_t width = mlp.layers.empty() ? 0 : mlp.layers.front().inputs;
  for (const auto& options : mlp.inputs) {
    for (const std::size_t input : options) {
      if (input >= width) {
        throw std::invalid_argument("the first layer has one input for every option");
      }
    }
  }
  for (const Dense& layer : mlp.layers) {
    if (layer.inputs != width || layer.outputs == 0 || layer.bias.size() != layer.outputs ||
        layer.weights.size() != layer.inputs * layer.outputs) {
      throw std::invalid_argument("the sizes of the layers do not fit");
    }
    width = layer.outputs;
  }
  if (width != 1) {
    throw std::invalid_argument("the last layer has one output");
  }
  return std::make_shared<MlpAccuracy>(std::move(mlp));
}

}  // namespace weft
