// A model-based optimiser for evaluations that are dear: ParEGO (Knowles, IEEE TEVC 2006) with a forest in
// place of the Gaussian process, as in SMAC (Hutter et al., LION 2011), because genes are categories. Every
// genome asked for has weights of its own: objectives, scaled to what was seen, become one (augmented
// Tchebycheff), a forest learns it, and the candidate with the largest expected improvement is asked.
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cmath>
#include <numbers>

#include "base/error.hpp"
#include "dse/drawer.hpp"
#include "dse/forest.hpp"

namespace weft {

namespace {

constexpr std::int64_t kBatch = 4;        // genomes asked for from the same observations
constexpr std::size_t kCandidates = 400;  // half drawn anew, half mutants of the best
constexpr std::size_t kParents = 10;
constexpr double kRho = 0.05;  // weight of the sum in the augmented Tchebycheff function (Knowles)

double expected_improvement(double best, const Forest::Prediction& prediction) {
  const double deviation = std::sqrt(prediction.variance);
  if (deviation < 1e-12) {
    return std::max(0.0, best - prediction.mean);
  }
  const double z = (best - prediction.mean) / deviation;
  const double density = std::exp(-0.5 * z * z) / std::sqrt(2 * std::numbers::pi);
  const double below = 0.5 * std::erfc(-z / std::numbers::sqrt2);
  return (best - prediction.mean) * below + deviation * density;
}

class Surrogate final : public Optimizer {
 public:
  explicit Surrogate(const OptimizerSetup& setup) : drawer_(setup) {}

  std::vector<Genome> ask(std::int64_t most) override {
    asked_.clear();
    const bool founding = std::none_of(outcomes_.begin(), outcomes_.end(),
                                       [](const Outcome& outcome) { return !outcome.points.empty(); });
    const std::int64_t size = std::min(most, founding ? drawer_.setup().population : kBatch);
    asked_ = drawer_.batch(size, [&](std::int64_t) { return founding ? drawer_.any_new() : promising(); });
    return asked_;
  }

  void tell(const std::vector<Outcome>& outcomes) override {
    WEFT_ENSURE(outcomes.size() == asked_.size(), "one outcome for each genome asked");
    genomes_.insert(genomes_.end(), asked_.begin(), asked_.end());
    outcomes_.insert(outcomes_.end(), outcomes.begin(), outcomes.end());
  }

 private:
  // Weights on the simplex.
  std::vector<double> weights(std::size_t count) {
    std::vector<double> weights(count);
    double sum = 0;
    for (double& weight : weights) {
      weight = -std::log(1 - drawer_.rng().unit());
      sum += weight;
    }
    std::for_each(weights.begin(), weights.end(), [sum](double& weight) { weight /= sum; });
    return weights;
  }

  // Every observation as one number, smaller is better: the best of its points; infeasible: as the worst
  // seen.
  std::vector<double> scalars() {
    Objectives low, high;
    for (const Outcome& outcome : outcomes_) {
      for (const Objectives& point : outcome.points) {
        low = low.empty() ? point : low;
        high = high.empty() ? point : high;
        for (std::size_t i = 0; i < point.size(); ++i) {
          low[i] = std::min(low[i], point[i]);
          high[i] = std::max(high[i], point[i]);
        }
      }
    }
    const std::vector<double> weight = weights(low.size());
    std::vector<double> values;
    for (const Outcome& outcome : outcomes_) {
      double value = 1 + kRho;
      for (const Objectives& point : outcome.points) {
        double most = 0, sum = 0;
        for (std::size_t i = 0; i < point.size(); ++i) {
          const double scaled = high[i] > low[i] ? (point[i] - low[i]) / (high[i] - low[i]) : 0;
          most = std::max(most, weight[i] * scaled);
          sum += weight[i] * scaled;
        }
        value = std::min(value, most + kRho * sum);
      }
      values.push_back(value);
    }
    return values;
  }

  std::vector<Genome> candidates(const std::vector<double>& values) {
    std::vector<std::size_t> order(values.size());
    for (std::size_t i = 0; i < order.size(); ++i) {
      order[i] = i;
    }
    std::stable_sort(order.begin(), order.end(),
                     [&](std::size_t a, std::size_t b) { return values[a] < values[b]; });
    order.resize(std::min(order.size(), kParents));
    std::vector<Genome> candidates;
    for (std::size_t i = 0; i < kCandidates; ++i) {
      Genome genome = i % 2 == 0 ? drawer_.any() : genomes_[drawer_.rng().pick(order)];
      if (i % 2 == 1) {
        drawer_.mutate(genome);
      }
      if (drawer_.setup().canonicalise) {
        drawer_.setup().canonicalise(genome);
      }
      candidates.push_back(std::move(genome));
    }
    return candidates;
  }

  // Empty when no candidate is new and admissible.
  Genome promising() {
    const std::vector<double> values = scalars();
    ForestSetup setup;
    setup.choices = drawer_.setup().choices;
    setup.seed = drawer_.rng().next();
    const Forest forest(setup, genomes_, values);
    const double best = *std::min_element(values.begin(), values.end());
    std::vector<std::pair<double, Genome>> ranked;
    for (Genome& genome : candidates(values)) {
      const double improvement = expected_improvement(best, forest.predict(genome));
      ranked.emplace_back(-improvement, std::move(genome));
    }
    std::stable_sort(ranked.begin(), ranked.end(),
                     [](const auto& a, const auto& b) { return a.first < b.first; });
    for (auto& [score, genome] : ranked) {
      if (drawer_.accept(genome)) {
        return genome;
      }
    }
    return {};
  }

  Drawer drawer_;
  std::vector<Genome> asked_, genomes_;
  std::vector<Outcome> outcomes_;
};

}  // namespace

std::unique_ptr<Optimizer> make_surrogate(const OptimizerSetup& setup) {
  return std::make_unique<Surrogate>(setup);
}

}  // namespace weft
