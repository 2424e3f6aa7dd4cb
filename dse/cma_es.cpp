// CMA-ES (Hansen and Ostermeier, Evolutionary Computation 2001; parameters of Hansen's tutorial, arXiv
// 1604.00772) on the unit cube. A gene of n options is a number cut into n parts; a gene that arranges items
// is one number per item, its importance: the most important come first (as in NAAS, DAC 2021). No
// coordinate's deviation falls below half a part, so that the search does not freeze on a plateau. The
// Cholesky factor stands for the root of the covariance. SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cmath>
#include <map>
#include <numbers>
#include <numeric>

#include "base/error.hpp"
#include "dse/drawer.hpp"

namespace weft {

namespace {

using Vector = std::vector<double>;

// Where each gene's numbers are in the vector.
struct Coordinate {
  std::size_t gene = 0;
  const Arrangement* arrangement = nullptr;
  std::size_t first = 0, count = 1;
};

double normal(Rng& rng) {
  const double radius = std::sqrt(-2 * std::log(1 - rng.unit()));
  return radius * std::cos(2 * std::numbers::pi * rng.unit());
}

// A symmetric matrix and its lower Cholesky factor.
class Covariance {
 public:
  explicit Covariance(std::size_t n) : n_(n), c_(n * n, 0.0), l_(n * n, 0.0) {
    for (std::size_t i = 0; i < n; ++i) {
      c_[i * n + i] = 1;
    }
    factor();
  }
  double& at(std::size_t i, std::size_t j) { return c_[i * n_ + j]; }
  [[nodiscard]] Vector times_root(const Vector& z) const {
    Vector y(n_, 0.0);
    for (std::size_t i = 0; i < n_; ++i) {
      for (std::size_t j = 0; j <= i; ++j) {
        y[i] += l_[i * n_ + j] * z[j];
      }
    }
    return y;
  }
  [[nodiscard]] Vector over_root(const Vector& y) const {
    Vector z(n_, 0.0);
    for (std::size_t i = 0; i < n_; ++i) {
      double rest = y[i];
      for (std::size_t j = 0; j < i; ++j) {
        rest -= l_[i * n_ + j] * z[j];
      }
      z[i] = rest / l_[i * n_ + i];
    }
    return z;
  }
  void factor() {
    for (std::size_t i = 0; i < n_; ++i) {
      for (std::size_t j = 0; j <= i; ++j) {
        double sum = c_[i * n_ + j];
        for (std::size_t k = 0; k < j; ++k) {
          sum -= l_[i * n_ + k] * l_[j * n_ + k];
        }
        l_[i * n_ + j] = i == j ? std::sqrt(std::max(sum, 1e-12)) : sum / l_[j * n_ + j];
      }
    }
  }

 private:
  std::size_t n_;
  Vector c_, l_;
};

class CmaEs final : public Optimizer {
 public:
  explicit CmaEs(const OptimizerSetup& setup) : drawer_(setup) {
    for (std::size_t gene = 0; gene < setup.choices.size(); ++gene) {
      if (setup.choices[gene] < 2) {
        continue;
      }
      Coordinate coordinate{gene, nullptr, size_, 1};
      for (const Arrangement& arrangement : drawer_.setup().arrangements) {
        if (arrangement.gene == gene) {
          coordinate.arrangement = &arrangement;
          coordinate.count = arrangement.items;
        }
      }
      size_ += coordinate.count;
      coordinates_.push_back(coordinate);
    }
    restart(Vector(size_, 0.5));
  }

  std::vector<Genome> ask(std::int64_t most) override {
    for (int attempt = 0; attempt < kRestarts; ++attempt) {
      std::vector<Genome> batch = sample(std::min(most, drawer_.setup().population));
      if (!batch.empty()) {
        return batch;
      }
      // Nothing new around here.
      Vector mean(size_);
      for (double& x : mean) {
        x = drawer_.rng().unit();
      }
      restart(std::move(mean));
    }
    samples_.clear();
    asked_.clear();
    if (Genome last = drawer_.any_new(); !last.empty()) {
      asked_ = {last};
    }
    return asked_;
  }

  void tell(const std::vector<Outcome>& outcomes) override {
    WEFT_ENSURE(outcomes.size() == asked_.size(), "one outcome for each genome asked");
    for (std::size_t i = 0; i < outcomes.size(); ++i) {
      known_[asked_[i]] = outcomes[i].points.empty() ? kInfeasible : outcomes[i].points.front().front();
    }
    update();
  }

 private:
  struct Sample {
    Vector y;  // step in units of sigma
    Genome genome;
  };
  static constexpr double kInfeasible = 1e300;
  static constexpr int kRestarts = 20;

  void restart(Vector mean) {
    mean_ = std::move(mean);
    sigma_ = 0.3;
    covariance_ = Covariance(size_);
    path_c_.assign(size_, 0.0);
    path_sigma_.assign(size_, 0.0);
  }

  // A generation; what it has not been told about before comes back as a batch.
  std::vector<Genome> sample(std::int64_t size) {
    samples_.clear();
    asked_.clear();
    for (std::int64_t i = 0; i < size; ++i) {
      Sample sample;
      for (int attempt = 0; attempt < 10; ++attempt) {
        Vector z(size_);
        for (double& value : z) {
          value = normal(drawer_.rng());
        }
        sample.y = covariance_.times_root(z);
        sample.genome = decode(sample.y);
        if (drawer_.accept(sample.genome)) {
          asked_.push_back(sample.genome);
          break;
        }
      }
      samples_.push_back(std::move(sample));
    }
    return asked_;
  }

  Genome decode(const Vector& y) const {
    Genome genome(drawer_.setup().choices.size(), 0);
    for (const Coordinate& coordinate : coordinates_) {
      Vector x;
      for (std::size_t i = coordinate.first; i < coordinate.first + coordinate.count; ++i) {
        x.push_back(mean_[i] + sigma_ * y[i]);
      }
      const int choices = drawer_.setup().choices[coordinate.gene];
      if (coordinate.arrangement == nullptr) {
        genome[coordinate.gene] =
            std::clamp(static_cast<int>(std::floor(x.front() * choices)), 0, choices - 1);
        continue;
      }
      std::vector<std::size_t> order(x.size());
      std::iota(order.begin(), order.end(), std::size_t{0});
      std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return x[a] > x[b]; });
      order.resize(coordinate.arrangement->taken);
      genome[coordinate.gene] = option_of(*coordinate.arrangement, order);
    }
    return genome;
  }

  void update() {
    // Samples refused before anybody evaluated them count as infeasible.
    const auto value = [&](const Sample& sample) {
      const auto found = known_.find(sample.genome);
      return found == known_.end() ? kInfeasible : found->second;
    };
    std::stable_sort(samples_.begin(), samples_.end(),
                     [&](const Sample& a, const Sample& b) { return value(a) < value(b); });
    const std::size_t parents = samples_.size() / 2;
    if (parents == 0 || value(samples_.front()) == kInfeasible) {
      return;
    }
    Vector weights(parents);
    for (std::size_t i = 0; i < parents; ++i) {
      weights[i] = std::log(static_cast<double>(parents) + 0.5) - std::log(static_cast<double>(i) + 1);
    }
    const double sum = std::accumulate(weights.begin(), weights.end(), 0.0);
    double squares = 0;
    for (double& weight : weights) {
      weight /= sum;
      squares += weight * weight;
    }
    move(weights, 1 / squares);
  }

  void move(const Vector& weights, double effective) {
    const auto n = static_cast<double>(size_);
    const double c_sigma = (effective + 2) / (n + effective + 5);
    const double damping = 1 + 2 * std::max(0.0, std::sqrt((effective - 1) / (n + 1)) - 1) + c_sigma;
    const double c_c = (4 + effective / n) / (n + 4 + 2 * effective / n);
    const double c_one = 2 / ((n + 1.3) * (n + 1.3) + effective);
    const double c_mu =
        std::min(1 - c_one, 2 * (effective - 2 + 1 / effective) / ((n + 2) * (n + 2) + effective));
    const double expected = std::sqrt(n) * (1 - 1 / (4 * n) + 1 / (21 * n * n));

    Vector step(size_, 0.0);
    for (std::size_t i = 0; i < weights.size(); ++i) {
      for (std::size_t k = 0; k < size_; ++k) {
        step[k] += weights[i] * samples_[i].y[k];
      }
    }
    const Vector white = covariance_.over_root(step);
    double length = 0;
    for (std::size_t k = 0; k < size_; ++k) {
      mean_[k] = std::clamp(mean_[k] + sigma_ * step[k], 0.0, 1.0);
      path_sigma_[k] =
          (1 - c_sigma) * path_sigma_[k] + std::sqrt(c_sigma * (2 - c_sigma) * effective) * white[k];
      path_c_[k] = (1 - c_c) * path_c_[k] + std::sqrt(c_c * (2 - c_c) * effective) * step[k];
      length += path_sigma_[k] * path_sigma_[k];
    }
    sigma_ *= std::exp(c_sigma / damping * (std::sqrt(length) / expected - 1));
    sigma_ = std::clamp(sigma_, 1e-3, 1.0);
    for (std::size_t a = 0; a < size_; ++a) {
      for (std::size_t b = 0; b < size_; ++b) {
        double rank_mu = 0;
        for (std::size_t i = 0; i < weights.size(); ++i) {
          rank_mu += weights[i] * samples_[i].y[a] * samples_[i].y[b];
        }
        covariance_.at(a, b) =
            (1 - c_one - c_mu) * covariance_.at(a, b) + c_one * path_c_[a] * path_c_[b] + c_mu * rank_mu;
      }
    }
    keep_margin();
    covariance_.factor();
  }

  void keep_margin() {
    for (const Coordinate& coordinate : coordinates_) {
      const double parts = coordinate.arrangement != nullptr
                               ? static_cast<double>(coordinate.count)
                               : static_cast<double>(drawer_.setup().choices[coordinate.gene]);
      const double least = 0.5 / parts / sigma_;
      for (std::size_t i = coordinate.first; i < coordinate.first + coordinate.count; ++i) {
        covariance_.at(i, i) = std::max(covariance_.at(i, i), least * least);
      }
    }
  }

  Drawer drawer_;
  std::vector<Coordinate> coordinates_;
  std::size_t size_ = 0;
  Vector mean_, path_c_, path_sigma_;
  double sigma_ = 0.3;
  Covariance covariance_{0};
  std::vector<Sample> samples_;
  std::vector<Genome> asked_;
  std::map<Genome, double> known_;
};

}  // namespace

std::unique_ptr<Optimizer> make_cma_es(const OptimizerSetup& setup) {
  return std::make_unique<CmaEs>(setup);
}

}  // namespace weft
