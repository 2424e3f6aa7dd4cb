// Channel pruning: which filters stay, and what that leaves of every layer.
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cmath>
#include <numeric>
#include <stdexcept>

#include <fmt/format.h>

#include "workload/compress/channels.hpp"
#include "workload/compress/common.hpp"
#include "workload/compress/resize.hpp"

namespace weft {
namespace {

using Words = std::vector<float>;
using compress::Channels;
using Mask = std::vector<bool>;  // empty: everything stays

std::int64_t ones(const Mask& mask) {
  return std::count(mask.begin(), mask.end(), true);
}

class Pruner {
 public:
  Pruner(TrainedNetwork& trained, double keep, const Selects& selects)
      : trained_(trained), channels_(trained.network), keep_(keep) {
    for (int set = 0; set < channels_.sets(); ++set) {
      scores_.emplace_back(static_cast<std::size_t>(channels_.size(set)), 0.0);
      chosen_.push_back(!channels_.whole(set));
    }
    for (std::size_t i = 0; i < trained.network.layers.size(); ++i) {
      const Layer& layer = trained.network.layers[i];
      const Channels::Stretches made = channels_.result(static_cast<int>(i));
      if (!layer.problem || made.size() != 1 || !channels_.makes(static_cast<int>(i))) {
        continue;
      }
      const auto set = static_cast<std::size_t>(made.front());
      chosen_[set] = chosen_[set] && compress::has_own_weights(layer) && selects(layer);
      score(layer, trained.weights[i], scores_[set]);
    }
    for (std::size_t set = 0; set < scores_.size(); ++set) {
      masks_.push_back(mask_of(static_cast<int>(set)));
    }
  }

  std::vector<Compressed> run() {
    std::vector<Compressed> done;
    for (std::size_t i = 0; i < trained_.network.layers.size(); ++i) {
      Layer& layer = trained_.network.layers[i];
      const Mask out = joined(channels_.result(static_cast<int>(i)));
      const std::int64_t words_before = layer.problem ? words(layer.problem->tensor(Role::kWeights)) : 0;
      if (layer.problem) {
        cut(i, out, done);
      }
      const double share = out.empty() ? 1 : static_cast<double>(ones(out)) / static_cast<double>(out.size());
      compress::scale_vector_work(layer, share, words_before);
    }
    return done;
  }

 private:
  // Squared norms of the filters, added to those of layers that make the same channels.
  static void score(const Layer& layer, const Words& words, std::vector<double>& scores) {
    const std::size_t filters = scores.size();
    const bool product = layer.problem->dim("M") >= 0;
    const std::size_t each = words.size() / filters;
    for (std::size_t i = 0; i < words.size(); ++i) {
      scores[product ? i % filters : i / each] += static_cast<double>(words[i]) * words[i];
    }
  }

  [[nodiscard]] Mask mask_of(int set) const {
    const std::vector<double>& scores = scores_[static_cast<std::size_t>(set)];
    if (!chosen_[static_cast<std::size_t>(set)]) {
      return {};
    }
    std::vector<std::size_t> order(scores.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::stable_sort(order.begin(), order.end(),
                     [&scores](std::size_t a, std::size_t b) { return scores[a] > scores[b]; });
    const auto kept = static_cast<std::size_t>(std::llround(keep_ * static_cast<double>(scores.size())));
    Mask mask(scores.size(), false);
    for (std::size_t k = 0; k < std::clamp<std::size_t>(kept, 1, scores.size()); ++k) {
      mask[order[k]] = true;
    }
    return mask;
  }

  [[nodiscard]] Mask joined(const Channels::Stretches& stretches) const {
    Mask mask;
    bool cuts = false;
    for (const int set : stretches) {
      const Mask& one = masks_[static_cast<std::size_t>(set)];
      cuts = cuts || !one.empty();
      if (one.empty()) {
        mask.insert(mask.end(), static_cast<std::size_t>(channels_.size(set)), true);
      } else {
        mask.insert(mask.end(), one.begin(), one.end());
      }
    }
    return cuts ? mask : Mask{};
  }

  // Every dim that the masks cut, in the problem and in its words.
  void cut(std::size_t i, const Mask& out, std::vector<Compressed>& done) {
    Layer& layer = trained_.network.layers[i];
    Problem& problem = *layer.problem;
    const bool product = problem.dim("M") >= 0;
    const Mask in = joined(channels_.read(static_cast<int>(i)));
    const bool makes = channels_.makes(static_cast<int>(i));
    std::vector<std::pair<int, Mask>> cuts;
    if (!in.empty()) {
      const int dim = problem.dim(product ? "K" : makes ? "C" : "G");
      cuts.emplace_back(dim, stretched(in, static_cast<std::size_t>(problem.size(dim)) / in.size()));
    }
    if (makes && !out.empty()) {
      cuts.emplace_back(problem.dim(product ? "N" : "K"), out);
    }
    if (cuts.empty()) {
      return;
    }
    Compressed step{.layer = layer.name, .step = "channels", .words_before = compress::nonzeros(problem)};
    step.what = fmt::format("{} of {} filters, {} of {} inputs", out.empty() ? 0 : ones(out), out.size(),
                            in.empty() ? 0 : ones(in), in.size());
    step.what = out.empty()  ? fmt::format("{} of {} inputs", ones(in), in.size())
                : in.empty() ? fmt::format("{} of {} filters", ones(out), out.size())
                             : step.what;
    Words& known = trained_.weights[i];
    const double whole = compress::norm2(known);
    for (const auto& [dim, mask] : cuts) {
      cut_dim(problem, known, dim, mask);
    }
    if (!known.empty()) {
      const double left = compress::norm2(known);
      step.error = whole == 0 ? 0 : std::sqrt(std::max(0.0, 1 - left / whole));
      problem.tensor(Role::kWeights).density = 1;
      set_measured(problem, known);
    }
    step.words_after = compress::nonzeros(problem);
    done.push_back(std::move(step));
  }

  static Mask stretched(const Mask& mask, std::size_t by) {
    Mask result;
    for (const bool bit : mask) {
      result.insert(result.end(), by, bit);
    }
    return result;
  }

  static void cut_dim(Problem& problem, Words& known, int dim, const Mask& mask) {
    std::size_t inner = 1;
    const std::vector<Rank>& ranks = problem.tensor(Role::kWeights).ranks;
    for (std::size_t r = ranks.size(); r-- > 0;) {
      if (ranks[r].terms.size() == 1 && ranks[r].terms.front().dim == dim) {
        known = kept(known, mask, inner);
      }
      inner *= static_cast<std::size_t>(ranks[r].extent);
    }
    compress::resize_dim(problem, dim, ones(mask));
  }

  static Words kept(const Words& words, const Mask& mask, std::size_t inner) {
    Words result;
    for (std::size_t i = 0; i < words.size(); ++i) {
      if (mask[(i / inner) % mask.size()]) {
        result.push_back(words[i]);
      }
    }
    return result;
  }

  TrainedNetwork& trained_;
  Channels channels_;
  double keep_;
  std::vector<std::vector<double>> scores_;
  std::vector<bool> chosen_;
  std::vector<Mask> masks_;
};

}  // namespace

std::vector<Compressed> prune_channels(TrainedNetwork& trained, double keep, const Selects& selects) {
  if (!(keep > 0 && keep <= 1)) {
    throw std::invalid_argument(fmt::format("a share of channels is above 0 and at most 1, not {}", keep));
  }
  return Pruner(trained, keep, selects).run();
}

}  // namespace weft
