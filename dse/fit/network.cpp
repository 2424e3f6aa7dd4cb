// Trains small networks.
// SPDX-License-Identifier: Apache-2.0
#include "dse/fit/network.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <numeric>

namespace weft::fit {

namespace {

std::vector<Layer> zeros_like(const std::vector<Layer>& layers) {
  std::vector<Layer> zeros = layers;
  for (Layer& layer : zeros) {
    std::fill(layer.weights.begin(), layer.weights.end(), 0.0);
    std::fill(layer.bias.begin(), layer.bias.end(), 0.0);
  }
  return zeros;
}

// Moments of one list of parameters.
class Adam {
 public:
  explicit Adam(std::size_t size) : first_(size, 0.0), second_(size, 0.0) {}
  void step(std::vector<double>& values, std::vector<double>& gradient, double rate, double decay, int time) {
    constexpr double kFirst = 0.9;
    constexpr double kSecond = 0.999;
    const double unbias = std::sqrt(1 - std::pow(kSecond, time)) / (1 - std::pow(kFirst, time));
    for (std::size_t i = 0; i < values.size(); ++i) {
      first_[i] = kFirst * first_[i] + (1 - kFirst) * gradient[i];
      second_[i] = kSecond * second_[i] + (1 - kSecond) * gradient[i] * gradient[i];
      values[i] -= rate * (unbias * first_[i] / (std::sqrt(second_[i]) + 1e-8) + decay * values[i]);
      gradient[i] = 0;
    }
  }

 private:
  std::vector<double> first_, second_;
};

std::vector<double> ranks_of(const std::vector<double>& values) {
  std::vector<std::size_t> order(values.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return values[a] < values[b]; });
  std::vector<double> ranks(values.size());
  for (std::size_t from = 0; from < order.size();) {
    std::size_t to = from;
    while (to < order.size() && values[order[to]] == values[order[from]]) {
      ++to;
    }
    for (std::size_t i = from; i < to; ++i) {
      ranks[order[i]] = static_cast<double>(from + to - 1) / 2;  // ties share their mean rank
    }
    from = to;
  }
  return ranks;
}

double correlation(const std::vector<double>& a, const std::vector<double>& b) {
  const auto n = static_cast<double>(a.size());
  const double mean_a = std::accumulate(a.begin(), a.end(), 0.0) / n;
  const double mean_b = std::accumulate(b.begin(), b.end(), 0.0) / n;
  double ab = 0;
  double aa = 0;
  double bb = 0;
  for (std::size_t i = 0; i < a.size(); ++i) {
    ab += (a[i] - mean_a) * (b[i] - mean_b);
    aa += (a[i] - mean_a) * (a[i] - mean_a);
    bb += (b[i] - mean_b) * (b[i] - mean_b);
  }
  return aa > 0 && bb > 0 ? ab / std::sqrt(aa * bb) : 0;
}

double kendall(const std::vector<double>& a, const std::vector<double>& b) {
  double agree = 0;
  double pairs_a = 0;
  double pairs_b = 0;
  for (std::size_t i = 0; i < a.size(); ++i) {
    for (std::size_t j = i + 1; j < a.size(); ++j) {
      const int sign_a = (a[i] > a[j]) - (a[i] < a[j]);
      const int sign_b = (b[i] > b[j]) - (b[i] < b[j]);
      agree += sign_a * sign_b;
      pairs_a += sign_a != 0 ? 1 : 0;
      pairs_b += sign_b != 0 ? 1 : 0;
    }
  }
  return pairs_a > 0 && pairs_b > 0 ? agree / std::sqrt(pairs_a * pairs_b) : 0;
}

}  // namespace

Mlp::Mlp(std::size_t inputs, const std::vector<std::size_t>& hidden, Rng& rng) {
  std::vector<std::size_t> outputs = hidden;
  outputs.push_back(1);
  for (const std::size_t size : outputs) {
    Layer layer{inputs, size, std::vector<double>(inputs * size), std::vector<double>(size, 0.0)};
    const double range = std::sqrt(6.0 / static_cast<double>(inputs + size));
    for (double& weight : layer.weights) {
      weight = range * (2 * rng.unit() - 1);
    }
    layers_.push_back(std::move(layer));
    inputs = size;
  }
}

void Mlp::forward(const std::vector<std::size_t>& ones, std::vector<std::vector<double>>& values) const {
  values.resize(layers_.size());
  for (std::size_t at = 0; at < layers_.size(); ++at) {
    const Layer& layer = layers_[at];
    values[at] = layer.bias;
    const auto add = [&](std::size_t from, double input) {
      const double* row = layer.weights.data() + from * layer.outputs;
      for (std::size_t to = 0; to < layer.outputs; ++to) {
        values[at][to] += input * row[to];
      }
    };
    for (std::size_t i = 0; at == 0 && i < ones.size(); ++i) {
      add(ones[i], 1);
    }
    for (std::size_t from = 0; at > 0 && from < layer.inputs; ++from) {
      if (values[at - 1][from] > 0) {
        add(from, values[at - 1][from]);
      }
    }
  }
}

double Mlp::predict(const std::vector<std::size_t>& ones) const {
  std::vector<std::vector<double>> values;
  forward(ones, values);
  return values.back().front();
}

void Mlp::backward(const Sample& sample, double slope, const std::vector<std::vector<double>>& values,
                   std::vector<Layer>& gradient) const {
  std::vector<double> slopes = {slope};
  for (std::size_t at = layers_.size(); at-- > 0;) {
    const Layer& layer = layers_[at];
    Layer& change = gradient[at];
    std::vector<double> before(at > 0 ? layer.inputs : 0, 0.0);
    for (std::size_t to = 0; to < layer.outputs; ++to) {
      change.bias[to] += slopes[to];
    }
    for (std::size_t i = 0; at == 0 && i < sample.ones.size(); ++i) {
      for (std::size_t to = 0; to < layer.outputs; ++to) {
        change.weights[sample.ones[i] * layer.outputs + to] += slopes[to];
      }
    }
    for (std::size_t from = 0; from < before.size(); ++from) {
      const double input = values[at - 1][from];
      for (std::size_t to = 0; input > 0 && to < layer.outputs; ++to) {
        change.weights[from * layer.outputs + to] += input * slopes[to];
        before[from] += layer.weights[from * layer.outputs + to] * slopes[to];
      }
    }
    slopes = std::move(before);
  }
}

void Mlp::train(const std::vector<Sample>& samples, const std::vector<Sample>& validation,
                const Options& options) {
  Rng rng(options.seed);
  std::vector<std::size_t> order(samples.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::vector<Layer> gradient = zeros_like(layers_);
  std::vector<Adam> moments;
  for (const Layer& layer : layers_) {
    moments.emplace_back(layer.weights.size());
    moments.emplace_back(layer.bias.size());
  }
  const auto residual = [&](const Sample& sample, double predicted) {
    const double difference = predicted - sample.target;
    return sample.target >= options.cap ? std::min(0.0, difference) : difference;
  };
  std::vector<Layer> best = layers_;
  double least = 1e300;
  int time = 0;
  std::vector<std::vector<double>> values;
  for (int epoch = 0; epoch < options.epochs; ++epoch) {
    rng.shuffle(order);
    const double rate = options.rate * 0.5 * (1 + std::cos(std::numbers::pi * epoch / options.epochs));
    for (std::size_t from = 0; from < order.size(); from += options.batch) {
      const std::size_t to = std::min(order.size(), from + options.batch);
      for (std::size_t i = from; i < to; ++i) {
        const Sample& sample = samples[order[i]];
        forward(sample.ones, values);
        backward(sample, residual(sample, values.back().front()) / static_cast<double>(to - from), values,
                 gradient);
      }
      ++time;
      for (std::size_t at = 0; at < layers_.size(); ++at) {
        moments[2 * at].step(layers_[at].weights, gradient[at].weights, rate, options.decay, time);
        moments[2 * at + 1].step(layers_[at].bias, gradient[at].bias, rate, 0, time);
      }
    }
    double error = 0;
    for (const Sample& sample : validation) {
      const double difference = residual(sample, predict(sample.ones));
      error += difference * difference;
    }
    if (error < least) {
      least = error;
      best = layers_;
    }
  }
  layers_ = std::move(best);
}

void Mlp::rescale(double scale, double shift) {
  for (double& weight : layers_.back().weights) {
    weight *= scale;
  }
  layers_.back().bias.front() = layers_.back().bias.front() * scale + shift;
}

Quality quality(const std::vector<double>& predicted, const std::vector<double>& truth) {
  Quality result;
  for (std::size_t i = 0; i < truth.size(); ++i) {
    const double difference = predicted[i] - truth[i];
    result.mean_absolute += std::abs(difference);
    result.root_mean_square += difference * difference;
  }
  const auto n = static_cast<double>(std::max<std::size_t>(1, truth.size()));
  result.mean_absolute /= n;
  result.root_mean_square = std::sqrt(result.root_mean_square / n);
  result.kendall = kendall(predicted, truth);
  result.spearman = correlation(ranks_of(predicted), ranks_of(truth));
  return result;
}

}  // namespace weft::fit
