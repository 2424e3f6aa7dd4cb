// From a node's shapes to its problem.
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <stdexcept>
#include <utility>

#include "base/checked.hpp"
#include "workload/import/onnx_graph.hpp"

namespace weft::onnx_import {
namespace {

using Dims = std::vector<std::int64_t>;

void require(bool holds, const char* sentence) {
  if (!holds) {
    throw std::invalid_argument(sentence);
  }
}

// Where an operator keeps its operands: the quantised forms have scales and zero points in between.
struct Operands {
  std::size_t inputs = 0, weights = 1;
};
Operands operands_of(const Node& node) {
  return node.op == "QLinearConv" || node.op == "QLinearMatMul" ? Operands{0, 3} : Operands{};
}

const Dims& need(const Graph& graph, const std::string& value) {
  const Dims* dims = graph.dims(value);
  require(dims != nullptr, "the shape of an operand is unknown");
  return *dims;
}

// Attributes of a convolution, for one or two spatial axes; a one-dimensional one has height 1.
struct Window {
  Dims kernel, stride, dilation, pad_before, pad_after;
};

// `values` for the last axes of [height, width].
Dims two(const Dims& values, std::int64_t filler) {
  require(values.size() == 1 || values.size() == 2, "an attribute has the wrong number of values");
  return values.size() == 2 ? values : Dims{filler, values.front()};
}

Window read_window(const Node& node, const Dims& weights) {
  const std::size_t axes = weights.size() - 2;
  Window w;
  const Dims kernel(weights.begin() + 2, weights.end());
  w.kernel = two(kernel, 1);
  w.stride = two(node.list("strides", Dims(axes, 1)), 1);
  w.dilation = two(node.list("dilations", Dims(axes, 1)), 1);
  const Dims pads = node.list("pads", Dims(2 * axes, 0));
  require(pads.size() == 2 * axes, "'pads' has the wrong number of values");
  const auto middle = pads.begin() + static_cast<std::ptrdiff_t>(axes);
  w.pad_before = two(Dims(pads.begin(), middle), 0);
  w.pad_after = two(Dims(middle, pads.end()), 0);
  return w;
}

// auto_pad SAME: output = ceil(input / stride), the odd cell after (upper) or before (lower).
void pad_same(const Dims& in, const std::string& mode, Window& w) {
  for (std::size_t a = 0; a < 2; ++a) {
    require(w.stride[a] >= 1, "a stride is below 1");
    const std::int64_t reach = checked_add(checked_mul(w.dilation[a], w.kernel[a] - 1), 1);
    const std::int64_t covered =
        checked_add(checked_mul(ceil_div(in[a], w.stride[a]) - 1, w.stride[a]), reach);
    const std::int64_t total = std::max<std::int64_t>(0, covered - in[a]);
    w.pad_before[a] = mode == "SAME_LOWER" ? ceil_div(total, 2) : total / 2;
    w.pad_after[a] = total - w.pad_before[a];
  }
}

ConvShape conv_shape(const Node& node, const Dims& in, const Window& w) {
  const Dims size = two(Dims(in.begin() + 2, in.end()), 1);
  return {.name = node.name,
          .batch = in[0],
          .in_channels = in[1],
          .in_h = size[0],
          .in_w = size[1],
          .kernel_h = w.kernel[0],
          .kernel_w = w.kernel[1],
          .stride_h = w.stride[0],
          .stride_w = w.stride[1],
          .dilation_h = w.dilation[0],
          .dilation_w = w.dilation[1],
          .pad_top = w.pad_before[0],
          .pad_left = w.pad_before[1],
          .pad_bottom = w.pad_after[0],
          .pad_right = w.pad_after[1],
          .groups = node.integer("group", 1)};
}

bool spatial(const Dims& in, const Dims& weights) {
  require(in.size() == weights.size() && in.size() >= 3, "input and weights of a convolution differ in rank");
  return in.size() <= 4;
}

std::optional<Problem> conv(const Graph& graph, const Node& node) {
  const Operands at = operands_of(node);
  const Dims& in = need(graph, node.input(at.inputs));
  const Dims& weights = need(graph, node.input(at.weights));
  if (!spatial(in, weights)) {
    return std::nullopt;
  }
  Window w = read_window(node, weights);
  const std::string mode = node.text("auto_pad");
  if (mode == "SAME_UPPER" || mode == "SAME_LOWER") {
    pad_same(two(Dims(in.begin() + 2, in.end()), 1), mode, w);
  }
  ConvShape shape = conv_shape(node, in, w);
  shape.out_channels = weights[0];
  require(weights[1] >= 1 && checked_mul(weights[1], shape.groups) == shape.in_channels,
          "the weights' channels and the input's differ");
  return make_conv(shape);
}

// Kernel equal to stride: every input position makes kernel x kernel outputs that nothing else touches, a 1x1
// convolution to that many times the channels. Otherwise a convolution of stride 1 over the input with
// stride - 1 zeros put between its elements; those zeros are counted in the input's density.
std::optional<Problem> conv_transpose(const Graph& graph, const Node& node) {
  const Dims& in = need(graph, node.input(0));
  const Dims& weights = need(graph, node.input(1));
  if (!spatial(in, weights) || !node.text("auto_pad").empty() || node.lists.count("output_shape") != 0) {
    return std::nullopt;
  }
  Window w = read_window(node, weights);
  const Dims extra = two(node.list("output_padding", Dims(weights.size() - 2, 0)), 0);
  ConvShape shape = conv_shape(node, in, w);
  shape.out_channels = checked_mul(weights[1], shape.groups);
  const Dims zero = {0, 0};
  const bool plain = w.dilation == Dims{1, 1} && w.pad_before == zero && w.pad_after == zero && extra == zero;
  if (plain && w.kernel == w.stride) {
    shape.out_channels = checked_mul(shape.out_channels, checked_mul(w.kernel[0], w.kernel[1]));
    shape.kernel_h = shape.kernel_w = shape.stride_h = shape.stride_w = 1;
    return make_conv(shape);
  }
  const std::int64_t real = checked_mul(shape.in_h, shape.in_w);
  const auto spread = [](std::int64_t size, std::int64_t stride) {
    return checked_add(checked_mul(size - 1, stride), 1);
  };
  const auto reach = [&w](std::size_t a, std::int64_t pad) {
    return checked_mul(w.dilation[a], w.kernel[a] - 1) - pad;
  };
  shape.in_h = spread(shape.in_h, w.stride[0]);
  shape.in_w = spread(shape.in_w, w.stride[1]);
  shape.pad_top = reach(0, w.pad_before[0]);
  shape.pad_left = reach(1, w.pad_before[1]);
  shape.pad_bottom = checked_add(reach(0, w.pad_after[0]), extra[0]);
  shape.pad_right = checked_add(reach(1, w.pad_after[1]), extra[1]);
  shape.stride_h = shape.stride_w = 1;
  if (std::min({shape.pad_top, shape.pad_left, shape.pad_bottom, shape.pad_right}) < 0) {
    return std::nullopt;
  }
  Problem problem = make_conv(shape);
  problem.tensor(Role::kInputs).density =
      static_cast<double>(real) / static_cast<double>(checked_mul(shape.in_h, shape.in_w));
  return problem;
}

bool trained(const Graph& graph, const std::string& value) {
  return graph.value(value).fixed;
}

Problem gemm(const Graph& graph, const Node& node) {
  const Dims& a = need(graph, node.input(0));
  const Dims& b = need(graph, node.input(1));
  require(a.size() == 2 && b.size() == 2, "Gemm multiplies matrices");
  const bool turn_a = node.integer("transA", 0) != 0;
  const bool turn_b = node.integer("transB", 0) != 0;
  require(a[turn_a ? 0 : 1] == b[turn_b ? 1 : 0], "the inner sizes of Gemm differ");
  const bool weights = trained(graph, node.input(1));
  Problem problem =
      make_gemm({.name = node.name,
                 .m = a[turn_a ? 1 : 0],
                 .n = b[turn_b ? 0 : 1],
                 .k = a[turn_a ? 0 : 1],
                 .weights = weights ? GemmShape::Weights::kShared : GemmShape::Weights::kBatched});
  problem.kind = weights ? "linear" : "matmul";
  return problem;
}

// Product of the leading dims of both operands after broadcasting.
std::int64_t broadcast_batch(const Dims& a, const Dims& b) {
  const std::size_t longest = std::max(a.size(), b.size());
  std::int64_t batch = 1;
  for (std::size_t i = 2; i < longest; ++i) {
    const std::int64_t x = i < a.size() ? a[a.size() - 1 - i] : 1;
    const std::int64_t y = i < b.size() ? b[b.size() - 1 - i] : 1;
    require(x == y || x == 1 || y == 1, "the leading sizes of MatMul do not match");
    batch = checked_mul(batch, std::max(x, y));
  }
  return batch;
}

Problem matmul(const Graph& graph, const Node& node) {
  const Operands at = operands_of(node);
  Dims a = need(graph, node.input(at.inputs));
  Dims b = need(graph, node.input(at.weights));
  require(!a.empty() && !b.empty(), "MatMul takes no scalars");
  if (a.size() == 1) {
    a.insert(a.begin(), 1);
  }
  if (b.size() == 1) {
    b.push_back(1);
  }
  const std::int64_t m = a[a.size() - 2], k = a.back(), n = b.back();
  require(k == b[b.size() - 2], "the inner sizes of MatMul differ");
  const std::int64_t batch = broadcast_batch(a, b);
  const bool b_trained = trained(graph, node.input(at.weights));
  const bool a_trained = trained(graph, node.input(at.inputs));
  GemmShape shape{.name = node.name, .batch = batch, .m = m, .n = n, .k = k};
  shape.weights = GemmShape::Weights::kBatched;
  if (a_trained && !b_trained && a.size() == 2) {
    shape = {.name = node.name, .m = checked_mul(batch, n), .n = m, .k = k};  // the transposed product
  } else if (b.size() == 2) {
    shape = {.name = node.name, .m = checked_mul(batch, m), .n = n, .k = k};  // one matrix for every row
    shape.weights = b_trained ? GemmShape::Weights::kShared : GemmShape::Weights::kBatched;
  }
  Problem problem = make_gemm(shape);
  problem.kind = a_trained || b_trained ? "linear" : "matmul";
  return problem;
}

std::optional<Problem> einsum(const Graph& graph, const Node& node) {
  EinsumShape shape{.name = node.name, .equation = node.text("equation")};
  const bool dots = shape.equation.find("...") != std::string::npos;
  if (dots || node.inputs.size() != 2 || shape.equation.find("->") == std::string::npos) {
    return std::nullopt;
  }
  shape.equation.erase(std::remove(shape.equation.begin(), shape.equation.end(), ' '), shape.equation.end());
  const std::vector<std::vector<std::string>> tensors = parse_einsum(shape.equation);
  for (std::size_t t = 0; t < 2; ++t) {
    const Dims& dims = need(graph, node.input(t));
    require(dims.size() == tensors[t].size(), "the equation and an operand differ in rank");
    for (std::size_t i = 0; i < dims.size(); ++i) {
      const auto same = [&](const Dim& dim) { return dim.name == tensors[t][i]; };
      const auto known = std::find_if(shape.sizes.begin(), shape.sizes.end(), same);
      if (known == shape.sizes.end()) {
        shape.sizes.push_back({tensors[t][i], dims[i]});
      } else {
        require(known->size == dims[i], "an index of the equation has two sizes");
      }
    }
  }
  Problem problem = make_einsum(shape);
  problem.kind = trained(graph, node.input(0)) || trained(graph, node.input(1)) ? "einsum" : "matmul";
  return problem;
}

}  // namespace

ProblemOperands problem_operands(const Graph& graph, const Node& node) {
  const Operands at = operands_of(node);
  const bool integers = node.op == "ConvInteger" || node.op == "MatMulInteger";
  const bool interleaved = at.weights == 3;  // operand, scale, zero point, operand, scale, zero point
  ProblemOperands result{.inputs = node.input(at.inputs), .weights = node.input(at.weights)};
  result.weight_zero = interleaved ? node.input(5) : integers ? node.input(3) : "";
  const Dims* first = graph.dims(result.inputs);
  const bool product = node.op == "MatMul" || node.op == "MatMulInteger" || node.op == "QLinearMatMul";
  result.swapped = product && trained(graph, result.inputs) && !trained(graph, result.weights) &&
                   first != nullptr && first->size() <= 2;
  if (result.swapped) {
    std::swap(result.inputs, result.weights);
    result.weight_zero = interleaved || integers ? node.input(2) : "";
  }
  return result;
}

std::optional<Problem> node_problem(const Graph& graph, const Node& node) {
  if (node.op == "Conv" || node.op == "ConvInteger" || node.op == "QLinearConv") {
    return conv(graph, node);
  }
  if (node.op == "ConvTranspose") {
    return conv_transpose(graph, node);
  }
  if (node.op == "Gemm") {
    return gemm(graph, node);
  }
  return node.op == "Einsum" ? einsum(graph, node) : matmul(graph, node);
}

}  // namespace weft::onnx_import
