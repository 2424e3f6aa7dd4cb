// A small neural network for regression and its training: inputs are sets of ones, hidden layers are
// rectified linear, the output is one number. Adam (Kingma and Ba, ICLR 2015) with decoupled weight decay.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <vector>

#include "base/rng.hpp"

namespace weft::fit {

// One row: which inputs are one, and what should come out.
struct Sample {
  std::vector<std::size_t> ones;
  double target = 0;
};

struct Options {
  std::vector<std::size_t> hidden = {96, 48};
  int epochs = 120;
  std::size_t batch = 64;
  double rate = 2e-3;  // falls to 0 along a cosine
  double decay = 1;    // of weights, relative, times the rate
  std::uint64_t seed = 1;
  // Targets at the cap say only "at least so much" (of a predictor that saturates).
  double cap = 1e300;
};

struct Layer {
  std::size_t inputs = 0, outputs = 0;
  std::vector<double> weights, bias;  // weights[from * outputs + to]
};

class Mlp {
 public:
  Mlp(std::size_t inputs, const std::vector<std::size_t>& hidden, Rng& rng);
  [[nodiscard]] double predict(const std::vector<std::size_t>& ones) const;
  // Keeps the weights that were best on `validation`.
  void train(const std::vector<Sample>& samples, const std::vector<Sample>& validation,
             const Options& options);
  // The same function with outputs scale * y + shift.
  void rescale(double scale, double shift);
  [[nodiscard]] const std::vector<Layer>& layers() const { return layers_; }

 private:
  void forward(const std::vector<std::size_t>& ones, std::vector<std::vector<double>>& values) const;
  void backward(const Sample& sample, double slope, const std::vector<std::vector<double>>& values,
                std::vector<Layer>& gradient) const;
  std::vector<Layer> layers_;
};

// Of predictions against truths: error in the unit of the targets, rank correlations (Kendall's tau-b).
struct Quality {
  double mean_absolute = 0, root_mean_square = 0, kendall = 0, spearman = 0;
};
[[nodiscard]] Quality quality(const std::vector<double>& predicted, const std::vector<double>& truth);

}  // namespace weft::fit
