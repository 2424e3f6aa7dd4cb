// Low-rank factorisation of a network's layers.
// SPDX-License-Identifier: Apache-2.0
#include <Eigen/Dense>
#include <algorithm>
#include <cmath>
#include <stdexcept>
#include <string>
#include <utility>

#include <fmt/format.h>

#include "base/checked.hpp"
#include "workload/compress/common.hpp"
#include "workload/compress/low_rank.hpp"
#include "workload/conv_shape.hpp"

namespace weft {
namespace {

using Words = std::vector<float>;

// What one layer becomes: its parts in order, with their words when those of the layer are known.
struct Parts {
  std::vector<Problem> problems{};
  std::vector<Words> words{};
  std::string what{};
  std::optional<double> error{};
};

std::int64_t rank_of(double share, std::int64_t full) {
  return std::clamp<std::int64_t>(std::llround(share * static_cast<double>(full)), 1, full);
}

// outputs = (inputs * first) * second; the weights of a product are [in][out].
std::optional<Parts> split_product(const Problem& problem, const Words& words, double share) {
  const std::int64_t rows = problem.size(problem.dim("M")), in = problem.size(problem.dim("K")),
                     out = problem.size(problem.dim("N")), batch = problem.size(problem.dim("B"));
  const std::int64_t rank = rank_of(share, std::min(in, out));
  Parts parts{.what = fmt::format("rank {} of {}", rank, std::min(in, out))};
  parts.problems = {make_gemm({.batch = batch, .m = rows, .n = rank, .k = in}),
                    make_gemm({.batch = batch, .m = rows, .n = out, .k = rank})};
  for (Problem& part : parts.problems) {
    part.kind = problem.kind;
  }
  if (!words.empty()) {
    compress::LowRank product = compress::low_rank(words, in, out, rank);
    parts.words = {std::move(product.first), std::move(product.second)};
    parts.error = product.error;
  }
  return parts;
}

ConvShape pointwise(const ConvShape& s, std::int64_t in, std::int64_t out, std::int64_t h, std::int64_t w) {
  return {.batch = s.batch, .in_channels = in, .out_channels = out, .in_h = h, .in_w = w};
}

Parts split_pointwise(const ConvShape& s, const Words& words, double share) {
  const std::int64_t full = std::min(s.in_channels, s.out_channels), rank = rank_of(share, full);
  Parts parts{.what = fmt::format("rank {} of {}", rank, full)};
  ConvShape first = s;
  first.out_channels = rank;
  parts.problems = {make_conv(first), make_conv(pointwise(s, rank, s.out_channels, out_h(s), out_w(s)))};
  if (!words.empty()) {
    // Weights are [out][in]: the second factor meets the inputs.
    compress::LowRank product = compress::low_rank(words, s.out_channels, s.in_channels, rank);
    parts.words = {std::move(product.second), std::move(product.first)};
    parts.error = product.error;
  }
  return parts;
}

Parts split_tucker(const ConvShape& s, const Words& words, double share) {
  const std::int64_t in_rank = rank_of(share, s.in_channels), out_rank = rank_of(share, s.out_channels);
  Parts parts{.what =
                  fmt::format("ranks {} of {}, {} of {}", in_rank, s.in_channels, out_rank, s.out_channels)};
  ConvShape core = s;
  core.in_channels = in_rank;
  core.out_channels = out_rank;
  parts.problems = {make_conv(pointwise(s, s.in_channels, in_rank, s.in_h, s.in_w)), make_conv(core),
                    make_conv(pointwise(s, out_rank, s.out_channels, out_h(s), out_w(s)))};
  if (!words.empty()) {
    compress::Tucker2 factors =
        compress::tucker2(words, {s.out_channels, s.in_channels, s.kernel_h * s.kernel_w}, in_rank, out_rank);
    parts.words = {std::move(factors.in), std::move(factors.core), std::move(factors.out)};
    parts.error = factors.error;
  }
  return parts;
}

std::optional<Parts> split(const Problem& problem, const Words& words, double share) {
  const bool product =
      problem.dim("M") >= 0 && problem.tensor(Role::kWeights).ranks.size() == 2 && problem.dims.size() == 4;
  if (product) {
    return split_product(problem, words, share);
  }
  const std::optional<ConvShape> shape = conv_shape_of(problem);
  if (!shape || shape->groups != 1) {
    return std::nullopt;
  }
  return shape->kernel_h * shape->kernel_w == 1 ? split_pointwise(*shape, words, share)
                                                : split_tucker(*shape, words, share);
}

std::int64_t macs_of(const Parts& parts) {
  std::int64_t sum = 0;
  for (const Problem& problem : parts.problems) {
    sum = checked_add(sum, macs(problem));
  }
  return sum;
}

// Widths and densities at both ends are the layer's; what is between them is dense and as wide as its inputs.
void dress(Parts& parts, const Problem& problem) {
  for (std::size_t p = 0; p < parts.problems.size(); ++p) {
    Problem& part = parts.problems[p];
    const TensorShape& in = problem.tensor(Role::kInputs);
    part.tensor(Role::kWeights).bits = problem.tensor(Role::kWeights).bits;
    part.tensor(Role::kInputs).bits = part.tensor(Role::kOutputs).bits = in.bits;
    if (p == 0) {
      part.tensor(Role::kInputs).density = in.density;
      part.tensor(Role::kInputs).model = in.model;
    }
    if (p + 1 == parts.problems.size()) {
      const TensorShape& out = problem.tensor(Role::kOutputs);
      part.tensor(Role::kOutputs).bits = out.bits;
      part.tensor(Role::kOutputs).density = out.density;
      part.tensor(Role::kOutputs).model = out.model;
    }
  }
}

// Layers of the network with each split one in its place.
class Rebuilt {
 public:
  void keep(Layer layer, Words words) {
    remap(layer.inputs);
    append(std::move(layer), std::move(words));
    last_.push_back(static_cast<int>(result_.network.layers.size()) - 1);
  }

  void put(const Layer& layer, Parts parts) {
    std::vector<int> inputs = layer.inputs;
    remap(inputs);
    std::int64_t rest = layer.parameters - words(layer.problem->tensor(Role::kWeights));
    const std::size_t count = parts.problems.size();
    for (std::size_t p = 0; p < count; ++p) {
      Layer part{.name = fmt::format("{}.{}", layer.name, p + 1), .repeat = layer.repeat};
      part.problem = std::move(parts.problems[p]);
      part.problem->name = part.name;
      part.parameters = words(part.problem->tensor(Role::kWeights));
      part.inputs = p > 0 ? std::vector<int>{static_cast<int>(result_.network.layers.size()) - 1}
                          : std::vector<int>(inputs.begin(), inputs.begin() + (inputs.empty() ? 0 : 1));
      if (p + 1 == count) {
        part.post_ops = layer.post_ops;
        part.parameters += std::exchange(rest, 0);
        part.inputs.insert(part.inputs.end(), inputs.begin() + (inputs.empty() ? 0 : 1), inputs.end());
      }
      append(std::move(part), parts.words.empty() ? Words{} : std::move(parts.words[p]));
    }
    last_.push_back(static_cast<int>(result_.network.layers.size()) - 1);
  }

  TrainedNetwork take(Network& from) {
    result_.network.name = from.name;
    result_.network.unknown = from.unknown;
    return std::move(result_);
  }

 private:
  void remap(std::vector<int>& inputs) const {
    for (int& input : inputs) {
      input = last_[static_cast<std::size_t>(input)];
    }
  }
  void append(Layer layer, Words words) {
    result_.network.layers.push_back(std::move(layer));
    result_.weights.push_back(std::move(words));
  }

  TrainedNetwork result_;
  std::vector<int> last_;  // by layer of the network given: where its results are now
};

}  // namespace

std::vector<Compressed> factorise(TrainedNetwork& trained, double share, const Selects& selects) {
  if (!(share > 0 && share <= 1)) {
    throw std::invalid_argument(
        fmt::format("a share of the full rank is above 0 and at most 1, not {}", share));
  }
  std::vector<Compressed> done;
  Rebuilt rebuilt;
  for (std::size_t i = 0; i < trained.network.layers.size(); ++i) {
    Layer& layer = trained.network.layers[i];
    const bool taken = compress::has_own_weights(layer) && selects(layer);
    std::optional<Parts> parts;
    // The sizes decide whether it pays before anything is decomposed.
    if (taken && (parts = split(*layer.problem, {}, share)) && macs_of(*parts) < macs(*layer.problem)) {
      parts = split(*layer.problem, trained.weights[i], share);
      dress(*parts, *layer.problem);
      Compressed step{.layer = layer.name,
                      .step = "low-rank",
                      .what = parts->what,
                      .words_before = compress::nonzeros(*layer.problem),
                      .error = parts->error};
      for (const Problem& part : parts->problems) {
        step.words_after += compress::nonzeros(part);
      }
      done.push_back(std::move(step));
      rebuilt.put(layer, std::move(*parts));
    } else {
      rebuilt.keep(std::move(layer), std::move(trained.weights[i]));
    }
  }
  trained = rebuilt.take(trained.network);
  return done;
}

}  // namespace weft
