// See onnx_weights.hpp.
// SPDX-License-Identifier: Apache-2.0
#include "workload/import/onnx_weights.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include "base/checked.hpp"

namespace weft::onnx_import {
namespace {

using Dims = std::vector<std::int64_t>;

constexpr int kFurthest = 64;

// Words before an axis vary / behind it.
std::int64_t inner_of(const Dims& dims, std::size_t axis) {
  return element_count(Dims(dims.begin() + static_cast<std::ptrdiff_t>(axis) + 1, dims.end()));
}

std::optional<std::size_t> axis_of(std::int64_t axis, const Dims& dims) {
  const auto rank = static_cast<std::int64_t>(dims.size());
  const std::int64_t at = axis < 0 ? axis + rank : axis;
  return at < 0 || at >= rank ? std::nullopt : std::optional(static_cast<std::size_t>(at));
}

// Axis k of the result is axis order[k] of what is given.
std::vector<float> transposed(const std::vector<float>& values, const Dims& dims, const Dims& order) {
  std::vector<std::size_t> stride(dims.size());
  for (std::size_t k = 0; k < dims.size(); ++k) {
    stride[k] = static_cast<std::size_t>(inner_of(dims, k));
  }
  std::vector<float> result(values.size());
  Dims index(dims.size(), 0);
  std::size_t from = 0;
  for (float& word : result) {
    word = values[from];
    for (std::size_t k = dims.size(); k-- > 0;) {
      const auto axis = static_cast<std::size_t>(order[k]);
      from += stride[axis];
      if (++index[k] < dims[axis]) {
        break;
      }
      from -= stride[axis] * static_cast<std::size_t>(dims[axis]);
      index[k] = 0;
    }
  }
  return result;
}

bool is_order(const Dims& order, std::size_t rank) {
  Dims sorted = order;
  std::sort(sorted.begin(), sorted.end());
  for (std::size_t k = 0; k < sorted.size(); ++k) {
    if (sorted[k] != static_cast<std::int64_t>(k)) {
      return false;
    }
  }
  return order.size() == rank;
}

// Calls change(word, parameter) with the parameter of the word's place along the axis, or the only one.
template <class Change>
bool per_axis(std::vector<float>& values, const Dims& dims, const std::vector<float>& parameters,
              std::optional<std::size_t> axis, const Change& change) {
  const bool one = parameters.size() == 1;
  if (!one && (!axis || static_cast<std::int64_t>(parameters.size()) != dims[*axis])) {
    return false;
  }
  const std::size_t inner = one ? values.size() : static_cast<std::size_t>(inner_of(dims, *axis));
  for (std::size_t i = 0; i < values.size(); ++i) {
    values[i] = change(values[i], parameters[one ? 0 : (i / inner) % parameters.size()]);
  }
  return true;
}

// Weights of a transposed convolution, [C][K][taps] in each group, as the convolution that computes it reads
// them: [K][C][taps] from the last tap to the first, or every tap a filter of its own.
std::vector<float> turned(const std::vector<float>& values, const Problem& problem) {
  const auto size = [&problem](const char* name) {
    return static_cast<std::size_t>(problem.size(problem.dim(name)));
  };
  const std::size_t groups = size("G"), filters = size("K"), channels = size("C"),
                    taps = size("R") * size("S");
  std::vector<float> result(values.size());
  std::size_t to = 0;
  for (std::size_t g = 0; g < groups; ++g) {
    for (std::size_t k = 0; k < filters; ++k) {
      for (std::size_t c = 0; c < channels; ++c) {
        for (std::size_t t = taps; t-- > 0;) {
          result[to++] = values[((g * channels + c) * filters + k) * taps + t];
        }
      }
    }
  }
  return result;
}

}  // namespace

TrainedWords::TrainedWords(const Graph& graph) : graph_(graph) {
  for (const Node& node : graph.nodes) {
    for (const std::string& output : node.outputs) {
      producer_[output] = &node;
    }
  }
}

std::optional<TrainedWords::Words> TrainedWords::value(const std::string& name, int depth) const {
  const std::vector<std::int64_t>* dims = graph_.dims(name);
  if (depth > kFurthest || dims == nullptr || !graph_.value(name).fixed || !graph_.contents) {
    return std::nullopt;
  }
  if (std::optional<std::vector<float>> stored = graph_.contents(name)) {
    const bool fits = element_count(*dims) == static_cast<std::int64_t>(stored->size());
    return fits ? std::optional<Words>({*dims, std::move(*stored)}) : std::nullopt;
  }
  const auto found = producer_.find(name);
  if (found == producer_.end()) {
    return std::nullopt;
  }
  std::optional<Words> made = made_by(*found->second, depth + 1);
  const bool fits = made && element_count(*dims) == static_cast<std::int64_t>(made->values.size());
  return fits ? std::optional<Words>({*dims, std::move(made->values)}) : std::nullopt;
}

std::optional<TrainedWords::Words> TrainedWords::made_by(const Node& node, int depth) const {
  static const std::vector<std::string> same = {"Identity", "Cast",    "Reshape",  "Squeeze",
                                                "Flatten",  "Dropout", "Unsqueeze"};
  const bool quantiser = node.op == "QuantizeLinear" || node.op == "DequantizeLinear";
  const bool renames = std::find(same.begin(), same.end(), node.op) != same.end();
  if (!quantiser && !renames && node.op != "Transpose") {
    return std::nullopt;
  }
  std::optional<Words> words = value(node.input(0), depth);
  if (!words || renames) {
    return words;
  }
  if (quantiser) {
    return quantised(node, std::move(*words), depth);
  }
  Dims reversed(words->dims.size());
  for (std::size_t k = 0; k < reversed.size(); ++k) {
    reversed[k] = static_cast<std::int64_t>(reversed.size() - 1 - k);
  }
  const Dims order = node.list("perm", reversed);
  if (!is_order(order, words->dims.size())) {
    return std::nullopt;
  }
  return Words{{}, transposed(words->values, words->dims, order)};
}

// y = round(x / scale) + zero point and x = (y - zero point) * scale. Saturation is left out: it makes no
// zeros, and a network's own scales do not saturate its weights.
std::optional<TrainedWords::Words> TrainedWords::quantised(const Node& node, Words words, int depth) const {
  const std::optional<std::size_t> axis = axis_of(node.integer("axis", 1), words.dims);
  // Scales and zero points are stored or renamed, never computed: so no tree of quantisers is walked.
  const int nearby = std::max(depth, kFurthest - 2);
  const std::optional<Words> scale = value(node.input(1), nearby);
  if (!scale || node.integer("block_size", 0) != 0) {
    return std::nullopt;
  }
  std::optional<Words> zero;
  if (!node.input(2).empty() && !(zero = value(node.input(2), nearby))) {
    return std::nullopt;
  }
  const bool forward = node.op == "QuantizeLinear";
  const auto add = [](float word, float offset) { return word + offset; };
  const auto subtract = [](float word, float offset) { return word - offset; };
  const auto scaled = [forward](float word, float by) {
    return forward ? std::nearbyint(word / by) : word * by;
  };
  const auto shift = [&](const auto& change) {
    return !zero || per_axis(words.values, words.dims, zero->values, axis, change);
  };
  const bool good = forward
                        ? per_axis(words.values, words.dims, scale->values, axis, scaled) && shift(add)
                        : shift(subtract) && per_axis(words.values, words.dims, scale->values, axis, scaled);
  return good ? std::optional(std::move(words)) : std::nullopt;
}

bool TrainedWords::without_zero_point(Words& words, const std::string& zero, std::size_t axis) const {
  if (zero.empty()) {
    return true;
  }
  const std::optional<Words> point = value(zero);
  return point && per_axis(words.values, words.dims, point->values, axis,
                           [](float word, float offset) { return word - offset; });
}

std::optional<std::vector<float>> TrainedWords::of(const Node& node, const Problem& problem) const {
  const ProblemOperands operands = problem_operands(graph_, node);
  const std::int64_t expected = words(problem.tensor(Role::kWeights));
  std::optional<Words> found = value(operands.weights);
  if (!found || found->dims.empty() || static_cast<std::int64_t>(found->values.size()) != expected) {
    return std::nullopt;
  }
  const bool conv = node.op.find("Conv") != std::string::npos;
  const bool by_row = conv || operands.swapped;
  if (!without_zero_point(*found, operands.weight_zero, by_row ? 0 : found->dims.size() - 1)) {
    return std::nullopt;
  }
  if (node.op == "ConvTranspose") {
    return turned(found->values, problem);
  }
  const bool other_way = operands.swapped || (node.op == "Gemm" && node.integer("transB", 0) != 0);
  return other_way && found->dims.size() == 2 ? transposed(found->values, found->dims, {1, 0})
                                              : std::move(found->values);
}

}  // namespace weft::onnx_import
