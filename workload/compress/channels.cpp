// See channels.hpp. A layer's first input feeds its problem, the others its vector work, as the importers and
// presets list them.
// SPDX-License-Identifier: Apache-2.0
#include "workload/compress/channels.hpp"

#include <algorithm>

#include "workload/conv_shape.hpp"

namespace weft::compress {

Channels::Channels(const Network& network) {
  const std::size_t count = network.layers.size();
  results_.resize(count);
  read_.resize(count);
  makes_.resize(count);
  std::vector<bool> used(count, false);
  for (std::size_t i = 0; i < count; ++i) {
    const Layer& layer = network.layers[i];
    results_[i] = layer.problem ? of_problem(layer, i) : of_vector_work(layer);
    for (std::size_t k = 1; layer.problem && k < layer.inputs.size(); ++k) {
      tie(results_[i], results_[static_cast<std::size_t>(layer.inputs[k])]);
    }
    if (layer.repeat > 1) {  // each copy reads the one before
      keep_inputs(layer);
      keep(results_[i]);
    }
    for (const int input : layer.inputs) {
      used[static_cast<std::size_t>(input)] = true;
    }
  }
  for (std::size_t i = 0; i < count; ++i) {
    if (!used[i]) {
      keep(results_[i]);
    }
  }
}

std::int64_t Channels::size(const Stretches& stretches) const {
  std::int64_t sum = 0;
  for (const int set : stretches) {
    sum += size(set);
  }
  return sum;
}

int Channels::root(int set) const {
  while (sets_[static_cast<std::size_t>(set)].parent != set) {
    set = sets_[static_cast<std::size_t>(set)].parent;
  }
  return set;
}

Channels::Stretches Channels::named(Stretches stretches) const {
  for (int& set : stretches) {
    set = root(set);
  }
  return stretches;
}

int Channels::make(std::int64_t channels, bool whole) {
  sets_.push_back({static_cast<int>(sets_.size()), channels, whole});
  return static_cast<int>(sets_.size()) - 1;
}

void Channels::keep(const Stretches& stretches) {
  for (const int set : stretches) {
    sets_[static_cast<std::size_t>(root(set))].whole = true;
  }
}

void Channels::keep_inputs(const Layer& layer, std::size_t from) {
  for (std::size_t k = from; k < layer.inputs.size(); ++k) {
    keep(results_[static_cast<std::size_t>(layer.inputs[k])]);
  }
}

void Channels::tie(const Stretches& a, const Stretches& b) {
  const auto same_size = [this](int x, int y) { return size(x) == size(y); };
  if (!std::equal(a.begin(), a.end(), b.begin(), b.end(), same_size)) {
    keep(a);
    keep(b);
    return;
  }
  for (std::size_t k = 0; k < a.size(); ++k) {
    const int to = root(a[k]), from = root(b[k]);
    if (to != from) {
      Set& kept = sets_[static_cast<std::size_t>(to)];
      Set& joined = sets_[static_cast<std::size_t>(from)];
      kept.whole = kept.whole || joined.whole;
      joined.parent = to;
    }
  }
}

Channels::Stretches Channels::of_problem(const Layer& layer, std::size_t index) {
  const Problem& problem = *layer.problem;
  const Stretches data =
      layer.inputs.empty() ? Stretches{} : results_[static_cast<std::size_t>(layer.inputs.front())];
  const std::int64_t channels = size(data);
  const bool trained = problem.kind != "matmul";
  if (const auto shape = conv_shape_of(problem); shape && trained) {
    const bool follows = channels == shape->in_channels;
    const bool depthwise =
        shape->groups > 1 && shape->groups == shape->in_channels && shape->groups == shape->out_channels;
    if (follows && depthwise) {
      read_[index] = data;
      return data;
    }
    if (shape->groups == 1) {
      makes_[index] = true;
      follows ? void(read_[index] = data) : keep(data);
      return {make(shape->out_channels, false)};
    }
    keep(data);
    return {make(shape->out_channels, true)};
  }
  const bool product = trained && problem.dims.size() == 4 && problem.dim("M") >= 0 &&
                       problem.tensor(Role::kWeights).ranks.size() == 2;
  if (!product) {
    keep_inputs(layer);
    return {};
  }
  // Behind a reshape every channel is so many of the product's inputs.
  const std::int64_t in = problem.size(problem.dim("K"));
  makes_[index] = true;
  channels > 0 && in % channels == 0 ? void(read_[index] = data) : keep(data);
  return {make(problem.size(problem.dim("N")), false)};
}

Channels::Stretches Channels::of_vector_work(const Layer& layer) {
  const bool concat = std::any_of(layer.post_ops.begin(), layer.post_ops.end(),
                                  [](const VectorOp& op) { return op.kind == VectorKind::kConcat; });
  Stretches result;
  for (const int input : layer.inputs) {
    const Stretches& one = results_[static_cast<std::size_t>(input)];
    if (one.empty()) {
      keep_inputs(layer);
      return {};
    }
    if (concat) {
      result.insert(result.end(), one.begin(), one.end());
    } else if (result.empty()) {
      result = one;
    } else {
      tie(result, one);
    }
  }
  return result;
}

}  // namespace weft::compress
