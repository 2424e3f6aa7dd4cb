// A network as YAML that loads to an equal network. Each problem is described by the shape it was made from;
// the description is checked by making the problem again.
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <optional>
#include <stdexcept>

#include <fmt/format.h>

#include "base/yaml_text.hpp"
#include "workload/conv_shape.hpp"
#include "workload/network.hpp"

namespace weft {
namespace {

using yaml::quote;

// The keys of a kind that make a problem, and the problem that they make.
struct Described {
  std::string keys{};  // "kind: ..., ..."
  Problem problem{};
};

// Is it what the description makes, widths and densities (which are written beside it) aside?
bool makes(const Described& described, const Problem& problem) {
  Problem made = described.problem;
  for (const Role role : kAllRoles) {
    made.tensor(role).bits = problem.tensor(role).bits;
    made.tensor(role).density = problem.tensor(role).density;
    made.tensor(role).model = problem.tensor(role).model;
  }
  return same_shape(made, problem);
}

bool has_dims(const Problem& problem, const std::vector<std::string>& names) {
  return std::equal(problem.dims.begin(), problem.dims.end(), names.begin(), names.end(),
                    [](const Dim& dim, const std::string& name) { return dim.name == name; });
}

// ", key: [rows, columns]", in one number where both are equal, or nothing for the default.
std::string pair(const char* key, std::int64_t rows, std::int64_t columns, std::int64_t usual) {
  if (rows == usual && columns == usual) {
    return "";
  }
  return rows == columns ? fmt::format(", {}: {}", key, rows)
                         : fmt::format(", {}: [{}, {}]", key, rows, columns);
}

std::optional<Described> as_conv(const Problem& problem) {
  const std::optional<ConvShape> shape = conv_shape_of(problem);
  if (!shape) {
    return std::nullopt;
  }
  const ConvShape& s = *shape;
  std::string keys =
      fmt::format("kind: conv, in: [{}, {}, {}], out: {}", s.in_channels, s.in_h, s.in_w, s.out_channels);
  keys += pair("kernel", s.kernel_h, s.kernel_w, 1);
  keys += pair("stride", s.stride_h, s.stride_w, 1);
  keys += pair("dilation", s.dilation_h, s.dilation_w, 1);
  keys += s.pad_top == s.pad_bottom && s.pad_left == s.pad_right
              ? pair("padding", s.pad_top, s.pad_left, 0)
              : fmt::format(", padding: [{}, {}, {}, {}]", s.pad_top, s.pad_left, s.pad_bottom, s.pad_right);
  keys += s.groups > 1 ? fmt::format(", groups: {}", s.groups) : "";
  keys += s.batch > 1 ? fmt::format(", batch: {}", s.batch) : "";
  return Described{keys, make_conv(s)};
}

std::optional<Described> as_product(const Problem& problem) {
  if (!has_dims(problem, {"B", "M", "N", "K"})) {
    return std::nullopt;
  }
  const bool batched = problem.tensor(Role::kWeights).ranks.size() == 3;
  const GemmShape s{.batch = problem.size(0),
                    .m = problem.size(1),
                    .n = problem.size(2),
                    .k = problem.size(3),
                    .weights = batched ? GemmShape::Weights::kBatched : GemmShape::Weights::kShared};
  if (problem.kind == "linear" && !batched && s.batch == 1) {
    return Described{fmt::format("kind: linear, rows: {}, in: {}, out: {}", s.m, s.k, s.n), make_gemm(s)};
  }
  return Described{fmt::format("kind: {}, batch: {}, m: {}, n: {}, k: {}", batched ? "matmul" : "gemm",
                               s.batch, s.m, s.n, s.k),
                   make_gemm(s)};
}

// The dims of a tensor, with blanks between them, so that names can be words.
std::string indices(const Problem& problem, Role role) {
  std::string text;
  for (const Rank& rank : problem.tensor(role).ranks) {
    text += (text.empty() ? "" : " ") + problem.dims[static_cast<std::size_t>(rank.terms.front().dim)].name;
  }
  return text;
}

std::optional<Described> as_einsum(const Problem& problem) {
  for (const TensorShape& tensor : problem.tensors) {
    for (const Rank& rank : tensor.ranks) {
      if (rank.terms.size() != 1) {
        return std::nullopt;
      }
    }
  }
  const EinsumShape shape{.equation = indices(problem, Role::kInputs) + ", " +
                                      indices(problem, Role::kWeights) + " -> " +
                                      indices(problem, Role::kOutputs),
                          .sizes = problem.dims};
  std::string sizes;
  for (const Dim& dim : problem.dims) {
    sizes += fmt::format("{}{}: {}", sizes.empty() ? "" : ", ", quote(dim.name), dim.size);
  }
  return Described{fmt::format("kind: einsum, equation: {}, sizes: {{{}}}", quote(shape.equation), sizes),
                   make_einsum(shape)};
}

// ", key: value" for a value that all tensors have, ", key: {weights: ...}" for others, nothing for the
// default.
template <class T>
std::string per_role(const char* key, const PerRole<T>& values, T usual) {
  if (std::count(values.begin(), values.end(), usual) == kRoles) {
    return "";
  }
  if (std::count(values.begin(), values.end(), values[0]) == kRoles) {
    return fmt::format(", {}: {}", key, values[0]);
  }
  return fmt::format(", {}: {{weights: {}, inputs: {}, outputs: {}}}", key, values[0], values[1], values[2]);
}

std::string sparsity_text(const TensorShape& tensor) {
  const bool nowhere = tensor.model.pattern == Pattern::kMeasured && tensor.model.file.empty();
  return tensor.model.pattern == Pattern::kUniform || nowhere
             ? fmt::format("{}", tensor.density)
             : quote(to_text({tensor.density, tensor.model}));
}

std::string describe(const Problem& problem) {
  for (const auto& form : {as_conv, as_product, as_einsum}) {
    const std::optional<Described> described = form(problem);
    if (!described || !makes(*described, problem)) {
      continue;
    }
    std::string text = described->keys;
    const bool untrained = problem.kind == "matmul";
    if (untrained != (described->problem.kind == "matmul")) {
      text += untrained ? ", trained: false" : ", trained: true";
    }
    PerRole<int> bits{};
    PerRole<std::string> density{};
    for (std::size_t role = 0; role < kRoles; ++role) {
      bits[role] = problem.tensors[role].bits;
      density[role] = sparsity_text(problem.tensors[role]);
    }
    return text + per_role("bits", bits, 8) + per_role<std::string>("density", density, "1");
  }
  throw std::invalid_argument("problem '" + problem.name +
                              "' is neither a convolution nor a product of two tensors");
}

std::string describe(const VectorOp& op) {
  const std::string kind(name_of(op.kind));
  const std::string ranked =
      op.kind == VectorKind::kTopK ? fmt::format(", rows: {}, keep: {}", op.rows, op.keep) : "";
  return fmt::format(
      "{{op: {}{}, elements: {}, ops_per_element: {}, reads: {}, writes: {}, standalone: {}, bits: {}{}}}",
      kind, op.name == kind ? "" : ", name: " + quote(op.name), op.elements, op.ops_per_element,
      op.extra_input_words, op.output_words, op.standalone, op.bits, ranked);
}

std::string describe(const Layer& layer, const Network& network) {
  std::string text = fmt::format("  - {{name: {}, {}", quote(layer.name),
                                 layer.problem ? describe(*layer.problem) : "kind: vector");
  text += layer.repeat > 1 ? fmt::format(", repeat: {}", layer.repeat) : "";
  std::string inputs;
  for (const int input : layer.inputs) {
    inputs += (inputs.empty() ? "" : ", ") + quote(network.layers[static_cast<std::size_t>(input)].name);
  }
  text += fmt::format(", parameters: {}, inputs: [{}]", layer.parameters, inputs);
  std::string post;
  for (const VectorOp& op : layer.post_ops) {
    post += (post.empty() ? "\n       " : ",\n       ") + describe(op);
  }
  return text + (post.empty() ? "" : fmt::format(",\n     post: [{}]", post)) + "}\n";
}

}  // namespace

std::string print_yaml(const Network& network) {
  std::string text = fmt::format("network: {}\nlayers:\n", quote(network.name));
  for (const Layer& layer : network.layers) {
    text += describe(layer, network);
  }
  for (std::size_t i = 0; i < network.unknown.size(); ++i) {
    text += fmt::format("{}  - {{operator: {}, node: {}}}\n", i == 0 ? "not_modelled:\n" : "",
                        quote(network.unknown[i].op_type), quote(network.unknown[i].node));
  }
  return text;
}

}  // namespace weft
