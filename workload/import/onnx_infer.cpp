// Shapes of all values, one node at a time: shape arithmetic is evaluated (onnx_fold), some operators have
// rules of ours (onnx_rules), everything else goes through the ONNX library's (onnx_types).
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <unordered_map>

#include <onnx/onnx_pb.h>

#include "base/checked.hpp"
#include "base/error.hpp"
#include "workload/import/onnx_convert.hpp"
#include "workload/import/onnx_fold.hpp"
#include "workload/import/onnx_proto.hpp"
#include "workload/import/onnx_types.hpp"

namespace weft::onnx_import {
namespace {

constexpr std::int64_t kMaxDim = std::int64_t{1} << 40;
constexpr int kNewestOpset = 1000;  // "the newest the library knows"

class Inference {
 public:
  Inference(onnx::ModelProto& model, const std::string& file, const ImportOptions& options)
      : graph_proto_(*model.mutable_graph()), options_(options) {
    graph_.file = file;
    for (const onnx::OperatorSetIdProto& opset : model.opset_import()) {
      if (opset.domain().empty() || opset.domain() == "ai.onnx") {
        opset_ = static_cast<int>(std::clamp<std::int64_t>(opset.version(), 1, kNewestOpset));
      }
    }
  }

  Graph run() {
    for (const onnx::TensorProto& tensor : graph_proto_.initializer()) {
      add_initializer(tensor);
    }
    for (const onnx::ValueInfoProto& input : graph_proto_.input()) {
      add_input(input);
    }
    if (!problems_.empty()) {
      throw ConfigError(problems_);
    }
    for (const onnx::ValueInfoProto& info : graph_proto_.value_info()) {
      stated_.emplace(info.name(), &info);
    }
    for (const int index : sorted_nodes(graph_proto_, graph_.file)) {
      infer(*graph_proto_.mutable_node(index));
    }
    for (auto& [name, value] : graph_.values) {
      const onnx::TypeProto* type = types_.find(name);
      value.element = type == nullptr ? 0 : type->tensor_type().elem_type();
    }
    return std::move(graph_);
  }

 private:
  void report(const std::string& message, const std::string& hint) {
    problems_.push_back({{graph_.file, 0, 0}, "onnx-shape", message, hint});
  }

  void add_initializer(const onnx::TensorProto& tensor) {
    std::vector<std::int64_t> dims(tensor.dims().begin(), tensor.dims().end());
    if (!sensible(dims)) {
      report("tensor '" + tensor.name() + "' has impossible sizes", "");
      return;
    }
    types_.set(tensor.name(), tensor.data_type(), dims);
    Value value{.dims = dims, .stored = true, .fixed = true};
    value.constant = small_integers(tensor);
    if (element_count(dims) <= static_cast<std::int64_t>(kMaxConstant) && holds_its_data(tensor)) {
      types_.set_data(tensor.name(), tensor);
    }
    graph_.values[tensor.name()] = std::move(value);
  }

  // No dim negative or absurd, and a product that fits.
  static bool sensible(const std::vector<std::int64_t>& dims) {
    try {
      const bool each =
          std::all_of(dims.begin(), dims.end(), [](std::int64_t d) { return d >= 0 && d <= kMaxDim; });
      return each && element_count(dims) >= 0;
    } catch (const OverflowError&) {
      return false;
    }
  }

  void add_input(const onnx::ValueInfoProto& input) {
    if (graph_.values.count(input.name()) != 0 || !input.type().has_tensor_type()) {
      return;  // an initializer listed again, or a sequence
    }
    const onnx::TypeProto_Tensor& tensor = input.type().tensor_type();
    if (!tensor.has_shape()) {
      report("input '" + input.name() + "' has no shape",
             "export with fixed sizes; only the batch may be dynamic");
      return;
    }
    std::vector<std::int64_t> dims;
    for (int i = 0; i < tensor.shape().dim_size(); ++i) {
      dims.push_back(bind(input.name(), tensor.shape().dim(i), i));
    }
    if (!sensible(dims)) {
      report("input '" + input.name() + "' has impossible sizes", "");
      return;
    }
    types_.set(input.name(), tensor.elem_type(), dims);
    graph_.values[input.name()].dims = dims;
  }

  // A dim that is named, absent or not positive is the batch when it comes first or carries the batch's name.
  std::int64_t bind(const std::string& input, const onnx::TensorShapeProto_Dimension& dim, int axis) {
    if (dim.has_dim_value() && dim.dim_value() > 0) {
      return dim.dim_value();
    }
    const std::string& symbol = dim.dim_param();
    if (axis == 0 && !symbol.empty()) {
      batch_symbols_.insert(symbol);
    }
    if (axis == 0 || batch_symbols_.count(symbol) != 0) {
      return options_.batch;
    }
    report("input '" + input + "' has a dynamic size '" + (symbol.empty() ? "?" : symbol) + "' on axis " +
               std::to_string(axis),
           "export with fixed sizes; only the batch, on axis 0, may be dynamic");
    return 1;
  }

  void infer(onnx::NodeProto& proto) {
    Node node = convert_node(proto);
    if (node.outputs.empty()) {
      return;
    }
    const bool folded = fold_node(proto, node);
    if (!folded) {
      for (const std::string& output : node.outputs) {
        graph_.values[output];
      }
      if (const auto dims = own_rule(graph_, node)) {
        set_dims(proto, node, *dims);
      } else if (operator_info(node.op).handling != Handling::kUnknown && safe_to_infer(graph_, node)) {
        for (const auto& [name, type] : library_rule(proto, opset_, types_)) {
          take_type(name, type);
        }
      }
      take_stated(node);
    }
    mark_fixed(node, folded);
    graph_.nodes.push_back(std::move(node));
  }

  bool fold_node(const onnx::NodeProto& proto, const Node& node) {
    if (node.op == "Constant") {
      return add_constant(proto, node);
    }
    std::optional<Constant> result;
    try {
      result = fold(graph_, node);
    } catch (const OverflowError&) {
      return false;  // the shape that needs it stays unknown
    }
    if (result) {
      add_folded(node.outputs.front(), *result);
    }
    return result.has_value();
  }

  void add_folded(const std::string& name, const Constant& constant) {
    types_.set_constant(name, constant);
    graph_.values[name] = {.dims = constant.dims, .fixed = true, .constant = constant.values};
  }

  bool add_constant(const onnx::NodeProto& proto, const Node& node) {
    const std::string& name = node.outputs.front();
    for (const onnx::AttributeProto& attribute : proto.attribute()) {
      if (attribute.name() == "value" && attribute.has_t()) {
        const std::vector<std::int64_t> dims(attribute.t().dims().begin(), attribute.t().dims().end());
        if (!sensible(dims)) {
          return false;
        }
        types_.set(name, attribute.t().data_type(), dims);
        if (holds_its_data(attribute.t())) {
          types_.set_data(name, attribute.t());
        }
        graph_.values[name] = {
            .dims = dims, .stored = true, .fixed = true, .constant = small_integers(attribute.t())};
        return true;
      }
      if (attribute.name() == "value_int") {
        add_folded(name, {{}, {attribute.i()}});
        return true;
      }
      if (attribute.name() == "value_ints") {
        add_folded(name, {{attribute.ints_size()}, {attribute.ints().begin(), attribute.ints().end()}});
        return true;
      }
    }
    return false;
  }

  // The results of a rule of ours, with the element type of the node's first input.
  void set_dims(const onnx::NodeProto& proto, const Node& node,
                const std::vector<std::vector<std::int64_t>>& dims) {
    const onnx::TypeProto* first = proto.input_size() == 0 ? nullptr : types_.find(proto.input(0));
    const int element = first == nullptr ? int{onnx::TensorProto::FLOAT} : first->tensor_type().elem_type();
    for (std::size_t i = 0; i < node.outputs.size() && i < dims.size(); ++i) {
      if (sensible(dims[i])) {
        types_.set(node.outputs[i], element, dims[i]);
        graph_.values[node.outputs[i]].dims = dims[i];
      }
    }
  }

  void take_type(const std::string& name, const onnx::TypeProto& type) {
    if (name.empty() || !type.has_tensor_type()) {
      return;
    }
    types_.set(name, type);
    if (!type.tensor_type().has_shape()) {
      return;
    }
    std::vector<std::int64_t> dims;
    for (const onnx::TensorShapeProto_Dimension& dim : type.tensor_type().shape().dim()) {
      const bool batch = dim.has_dim_param() && batch_symbols_.count(dim.dim_param()) != 0;
      if (!dim.has_dim_value() && !batch) {
        return;
      }
      dims.push_back(batch ? options_.batch : dim.dim_value());
    }
    if (sensible(dims)) {
      types_.set(name, type.tensor_type().elem_type(), dims);
      graph_.values[name].dims = std::move(dims);
    }
  }

  // What the file itself says about a result whose shape no rule gave.
  void take_stated(const Node& node) {
    for (const std::string& output : node.outputs) {
      const auto stated = stated_.find(output);
      if (stated != stated_.end() && !graph_.values[output].dims) {
        take_type(output, stated->second->type());
      }
    }
  }

  void mark_fixed(const Node& node, bool folded) {
    bool fixed = !node.inputs.empty() || folded;
    bool stored = node.op == "Identity" && !node.inputs.empty() && graph_.value(node.inputs.front()).stored;
    for (const std::string& input : node.inputs) {
      fixed = fixed && (input.empty() || graph_.value(input).fixed);
    }
    for (const std::string& output : node.outputs) {
      Value& value = graph_.values[output];
      value.fixed = value.fixed || fixed || folded;
      value.stored = value.stored || stored;
    }
  }

  onnx::GraphProto& graph_proto_;
  ImportOptions options_;
  int opset_ = kNewestOpset;
  Graph graph_;
  std::vector<Diagnostic> problems_;
  std::set<std::string> batch_symbols_;
  TypeTable types_;
  std::unordered_map<std::string, const onnx::ValueInfoProto*> stated_;
};

}  // namespace

Graph infer_shapes(onnx::ModelProto& model, const std::string& file, const ImportOptions& options) {
  if (options.batch < 1 || options.batch > kMaxDim) {
    throw ConfigError({}, "out-of-range", "the batch must be 1 to 2^40");
  }
  return Inference(model, file, options).run();
}

}  // namespace weft::onnx_import
