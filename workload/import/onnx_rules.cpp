// Shape rules of our own: reductions and Split take their axes and sizes as attributes or as inputs, by
// version; an Einsum's sizes follow from its equation.
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <stdexcept>

#include "base/checked.hpp"
#include "workload/import/onnx_graph.hpp"

namespace weft::onnx_import {
namespace {

using Dims = std::vector<std::int64_t>;
using Result = std::optional<std::vector<Dims>>;

// The attribute, or the contents of the input that replaced it; nothing when that input is not constant.
std::optional<Dims> setting(const Graph& graph, const Node& node, const char* key, std::size_t input) {
  if (node.input(input).empty()) {
    return node.list(key, {});
  }
  return graph.value(node.input(input)).constant;
}

// An axis counted from the front, or nothing.
std::optional<std::size_t> axis_of(std::int64_t axis, const Dims& dims) {
  const auto rank = static_cast<std::int64_t>(dims.size());
  const std::int64_t from_front = axis < 0 && axis >= -rank ? axis + rank : axis;
  return from_front < 0 || from_front >= rank ? std::nullopt
                                              : std::optional(static_cast<std::size_t>(from_front));
}

Result reduce(const Graph& graph, const Node& node, const Dims& in) {
  const std::optional<Dims> axes = setting(graph, node, "axes", 1);
  if (!axes) {
    return std::nullopt;
  }
  const bool nothing = axes->empty() && node.integer("noop_with_empty_axes", 0) != 0;
  std::vector<bool> reduced(in.size(), axes->empty() && !nothing);
  for (const std::int64_t axis : *axes) {
    const std::optional<std::size_t> at = axis_of(axis, in);
    if (!at) {
      return std::nullopt;
    }
    reduced[*at] = true;
  }
  Dims out;
  for (std::size_t i = 0; i < in.size(); ++i) {
    if (!reduced[i]) {
      out.push_back(in[i]);
    } else if (node.integer("keepdims", 1) != 0) {
      out.push_back(1);
    }
  }
  return Result({out});
}

Result split(const Graph& graph, const Node& node, const Dims& in) {
  const std::optional<std::size_t> axis = axis_of(node.integer("axis", 0), in);
  std::optional<Dims> sizes = setting(graph, node, "split", 1);
  const auto parts = static_cast<std::int64_t>(node.outputs.size());
  if (!axis || !sizes || parts == 0) {
    return std::nullopt;
  }
  if (sizes->empty()) {
    const std::int64_t each = ceil_div(in[*axis], parts);
    for (std::int64_t i = 0; i < parts; ++i) {
      sizes->push_back(std::min(each, in[*axis] - std::min(in[*axis], i * each)));
    }
  }
  std::vector<Dims> outputs;
  for (std::int64_t i = 0; i < parts && i < static_cast<std::int64_t>(sizes->size()); ++i) {
    outputs.push_back(in);
    outputs.back()[*axis] = (*sizes)[static_cast<std::size_t>(i)];
  }
  return outputs;
}

Result einsum(const Graph& graph, const Node& node) {
  try {
    const std::optional<Problem> problem = node_problem(graph, node);
    if (!problem) {
      return std::nullopt;
    }
    Dims dims;
    for (const Rank& rank : problem->tensor(Role::kOutputs).ranks) {
      dims.push_back(rank.extent);
    }
    return Result({dims});
  } catch (const std::invalid_argument&) {
    return std::nullopt;  // reported when the layer is built
  }
}

}  // namespace

std::optional<std::vector<std::vector<std::int64_t>>> own_rule(const Graph& graph, const Node& node) {
  if (node.op == "Einsum") {
    return einsum(graph, node);
  }
  const std::vector<std::int64_t>* in = graph.dims(node.input(0));
  if (in == nullptr) {
    return std::nullopt;
  }
  if (node.op == "Split") {
    return split(graph, node, *in);
  }
  return node.op.rfind("Reduce", 0) == 0 ? reduce(graph, node, *in) : std::nullopt;
}

}  // namespace weft::onnx_import
