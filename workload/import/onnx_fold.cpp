// The operators that appear in exporters' shape arithmetic.
// SPDX-License-Identifier: Apache-2.0
#include "workload/import/onnx_fold.hpp"

#include <algorithm>
#include <functional>
#include <limits>

#include "base/checked.hpp"

namespace weft::onnx_import {
namespace {

using Values = std::vector<std::int64_t>;
using Result = std::optional<Constant>;

Constant vector_of(Values values) {
  const auto size = static_cast<std::int64_t>(values.size());
  return {{size}, std::move(values)};
}

// Known inputs of rank 0 or 1, in order; nothing when one is missing.
std::optional<std::vector<Constant>> known_inputs(const Graph& graph, const Node& node) {
  std::vector<Constant> inputs;
  for (const std::string& name : node.inputs) {
    const Value& value = graph.value(name);
    if (!value.constant || !value.dims || value.dims->size() > 1) {
      return std::nullopt;
    }
    inputs.push_back({*value.dims, *value.constant});
  }
  return inputs;
}

// An index that may count from the end, or nothing.
std::optional<std::size_t> index_in(std::int64_t index, std::size_t size) {
  const auto signed_size = static_cast<std::int64_t>(size);
  const std::int64_t from_start = index < 0 ? index + signed_size : index;
  return from_start < 0 || from_start >= signed_size ? std::nullopt
                                                     : std::optional(static_cast<std::size_t>(from_start));
}

Result shape(const Graph& graph, const Node& node) {
  const std::vector<std::int64_t>* dims = graph.dims(node.input(0));
  if (dims == nullptr) {
    return std::nullopt;
  }
  const auto rank = static_cast<std::int64_t>(dims->size());
  const auto clamp = [rank](std::int64_t at) {
    return std::clamp<std::int64_t>(at < 0 ? at + rank : at, 0, rank);
  };
  const std::int64_t start = clamp(std::max(node.integer("start", 0), -rank));
  const std::int64_t end = clamp(std::max(node.integer("end", rank), -rank));
  return vector_of(end <= start ? Values{} : Values(dims->begin() + start, dims->begin() + end));
}

Result gather(const std::vector<Constant>& in) {
  if (in.size() != 2 || in[0].dims.empty()) {
    return std::nullopt;
  }
  Values picked;
  for (const std::int64_t index : in[1].values) {
    const std::optional<std::size_t> at = index_in(index, in[0].values.size());
    if (!at) {
      return std::nullopt;
    }
    picked.push_back(in[0].values[*at]);
  }
  return Constant{in[1].dims, std::move(picked)};
}

Result concat(const std::vector<Constant>& in) {
  Values all;
  for (const Constant& one : in) {
    if (one.dims.size() != 1) {
      return std::nullopt;
    }
    all.insert(all.end(), one.values.begin(), one.values.end());
  }
  return all.size() > kMaxConstant ? std::nullopt : Result(vector_of(std::move(all)));
}

// Slice along the only axis, with inputs (opset 10 and later) or attributes.
Result slice(const Node& node, const std::vector<Constant>& in) {
  const auto setting = [&](std::size_t at, const char* key,
                           std::int64_t fallback) -> std::optional<std::int64_t> {
    const Values list = at < in.size() ? in[at].values : node.list(key, {fallback});
    return list.size() == 1 ? std::optional(list.front()) : std::nullopt;
  };
  const std::optional<std::int64_t> start = setting(1, "starts", 0), end = setting(2, "ends", 0),
                                    step = setting(4, "steps", 1);
  if (in.empty() || in[0].dims.size() != 1 || !start || !end || !step || *step < 1) {
    return std::nullopt;
  }
  const auto size = static_cast<std::int64_t>(in[0].values.size());
  const auto clamp = [size](std::int64_t at) {
    return at < 0 ? std::max<std::int64_t>(0, at < -size ? 0 : at + size) : std::min(at, size);
  };
  Values kept;
  for (std::int64_t i = clamp(*start); i<clamp(*end); i = *step> size ? size : i + *step) {
    kept.push_back(in[0].values[static_cast<std::size_t>(i)]);
  }
  return vector_of(std::move(kept));
}

using Binary = std::function<std::int64_t(std::int64_t, std::int64_t)>;

Result binary(const std::vector<Constant>& in, const Binary& apply) {
  if (in.size() != 2) {
    return std::nullopt;
  }
  const std::size_t a = in[0].values.size(), b = in[1].values.size();
  if (a == 0 || b == 0 || (a != b && a != 1 && b != 1)) {
    return std::nullopt;
  }
  Constant out{in[0].dims.size() >= in[1].dims.size() && a >= b ? in[0].dims : in[1].dims, {}};
  for (std::size_t i = 0; i < std::max(a, b); ++i) {
    out.values.push_back(apply(in[0].values[a == 1 ? 0 : i], in[1].values[b == 1 ? 0 : i]));
  }
  if (!out.dims.empty()) {
    out.dims = {static_cast<std::int64_t>(out.values.size())};
  }
  return out;
}

Result where(const std::vector<Constant>& in) {
  if (in.size() != 3) {
    return std::nullopt;
  }
  const std::size_t size = std::max({in[0].values.size(), in[1].values.size(), in[2].values.size()});
  Values chosen;
  for (std::size_t i = 0; i < size; ++i) {
    std::int64_t at[3];
    for (std::size_t k = 0; k < 3; ++k) {
      const Values& values = in[k].values;
      if (values.empty() || (values.size() != 1 && values.size() != size)) {
        return std::nullopt;
      }
      at[k] = values[values.size() == 1 ? 0 : i];
    }
    chosen.push_back(at[0] != 0 ? at[1] : at[2]);
  }
  return vector_of(std::move(chosen));
}

// To a vector: the only target an exporter needs here is [-1] or the size itself.
Result reshape(const std::vector<Constant>& in) {
  if (in.size() != 2 || in[1].values.size() != 1) {
    return std::nullopt;
  }
  const auto size = static_cast<std::int64_t>(in[0].values.size());
  return in[1].values[0] == -1 || in[1].values[0] == size ? Result(vector_of(in[0].values)) : std::nullopt;
}

Result constant_of_shape(const Node& node, const std::vector<Constant>& in) {
  const bool usable = in.size() == 1 && in[0].values.size() == 1 && in[0].values[0] >= 0 &&
                      in[0].values[0] <= static_cast<std::int64_t>(kMaxConstant);
  const Values filler = node.list("value", {0});
  if (!usable || filler.size() != 1) {
    return std::nullopt;
  }
  return vector_of(Values(static_cast<std::size_t>(in[0].values[0]), filler[0]));
}

std::int64_t divide(std::int64_t a, std::int64_t b) {
  if (b == 0 || (b == -1 && a == std::numeric_limits<std::int64_t>::min())) {
    throw OverflowError();
  }
  return a / b;
}

const std::map<std::string, Binary>& binaries() {
  static const std::map<std::string, Binary> table = {
      {"Add", checked_add},
      {"Sub",
       [](std::int64_t a, std::int64_t b) {
         std::int64_t result = 0;
         if (__builtin_sub_overflow(a, b, &result)) {
           throw OverflowError();
         }
         return result;
       }},
      {"Mul", checked_mul},
      {"Div", divide},
      {"Max", [](std::int64_t a, std::int64_t b) { return std::max(a, b); }},
      {"Min", [](std::int64_t a, std::int64_t b) { return std::min(a, b); }},
      {"Equal", [](std::int64_t a, std::int64_t b) { return std::int64_t{a == b}; }},
      {"Greater", [](std::int64_t a, std::int64_t b) { return std::int64_t{a > b}; }},
      {"Less", [](std::int64_t a, std::int64_t b) { return std::int64_t{a < b}; }},
  };
  return table;
}

Result reduce_product(const std::vector<Constant>& in) {
  std::int64_t product = 1;
  for (const std::int64_t value : in[0].values) {
    product = checked_mul(product, value);
  }
  return Constant{{}, {product}};
}

}  // namespace

std::optional<Constant> fold(const Graph& graph, const Node& node) {
  if (node.op == "Shape") {
    return shape(graph, node);
  }
  const std::optional<std::vector<Constant>> in = known_inputs(graph, node);
  if (!in || in->empty()) {
    return std::nullopt;
  }
  const auto binary_op = binaries().find(node.op);
  if (binary_op != binaries().end()) {
    return binary(*in, binary_op->second);
  }
  if (node.op == "Gather") {
    return gather(*in);
  }
  if (node.op == "Concat") {
    return concat(*in);
  }
  if (node.op == "Slice") {
    return slice(node, *in);
  }
  if (node.op == "Where") {
    return where(*in);
  }
  if (node.op == "ConstantOfShape") {
    return constant_of_shape(node, *in);
  }
  if (node.op == "Reshape") {
    return reshape(*in);
  }
  if (node.op == "ReduceProd") {
    return reduce_product(*in);
  }
  if (node.op == "Identity" || node.op == "Cast") {
    return in->front();
  }
  const bool one = in->front().values.size() == 1;
  if (node.op == "Unsqueeze" && in->front().dims.empty()) {
    return vector_of(in->front().values);
  }
  return node.op == "Squeeze" && one ? Result(Constant{{}, in->front().values}) : std::nullopt;
}

}  // namespace weft::onnx_import
