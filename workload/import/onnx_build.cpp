// From the reduced ONNX graph to a network: nodes with multiply-accumulates become layers, the vector
// operations that follow join the layer whose result they work on, or stand as layers of their own.
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <stdexcept>

#include "base/checked.hpp"
#include "base/error.hpp"
#include "workload/import/onnx_graph.hpp"
#include "workload/import/onnx_layer_names.hpp"
#include "workload/import/onnx_words.hpp"

namespace weft::onnx_import {
namespace {

constexpr std::size_t kMaxReports = 8;  // one bad shape breaks everything after it

class Builder {
 public:
  Builder(const Graph& graph, std::vector<std::vector<float>>* weights)
      : graph_(graph), uses_(graph), stored_(graph), words_(graph), weights_(weights) {}

  Network run() {
    network_.name = graph_.name;
    for (const Node& node : graph_.nodes) {
      const bool settled = std::all_of(node.outputs.begin(), node.outputs.end(),
                                       [this](const std::string& o) { return graph_.value(o).fixed; });
      if (!settled || uses_.handling(node) == Handling::kUnknown) {
        place(node);
      }
      if (problems_.size() >= kMaxReports) {
        break;
      }
    }
    if (problems_.empty() && network_.layers.empty()) {
      const bool strange = !network_.unknown.empty();
      report(strange
                 ? "no operator of the file is known; the first is '" + network_.unknown.front().op_type + "'"
                 : "the file computes nothing");
    } else if (problems_.empty()) {
      const std::string broken = validate(network_);
      if (!broken.empty()) {
        report("the network: " + broken);
      }
    }
    if (!problems_.empty()) {
      throw ConfigError(problems_);
    }
    if (weights_ != nullptr) {
      weights_->resize(network_.layers.size());
    }
    return std::move(network_);
  }

 private:
  [[nodiscard]] int layer_of(const std::string& value) const {
    const auto found = layer_.find(uses_.origin(value));
    return found == layer_.end() ? -1 : found->second;
  }
  std::int64_t elements(const std::string& value) const {
    const std::vector<std::int64_t>* dims = graph_.dims(value);
    if (dims == nullptr) {
      throw std::invalid_argument("its shape could not be inferred");
    }
    const std::int64_t count = element_count(*dims);
    if (count < 1) {
      throw std::invalid_argument("a size is zero");
    }
    return count;
  }
  void report(const std::string& message) {
    problems_.push_back({{graph_.file, 0, 0},
                         "onnx-shape",
                         message,
                         "export with fixed sizes; only the batch may be dynamic"});
  }

  void place(const Node& node) {
    try {
      switch (uses_.handling(node)) {
        case Handling::kProblem:
          place_problem(node);
          break;
        case Handling::kElementwise:
          place_elementwise(node);
          break;
        case Handling::kPass:
          place_pass(node);
          break;
        case Handling::kFree:
        case Handling::kLookup:
          break;
        case Handling::kUnknown:
          place_unknown(node);
          break;
      }
    } catch (const std::invalid_argument& error) {
      report("node '" + node.name + "' (" + node.op + "): " + error.what());
    } catch (const OverflowError& error) {
      report("node '" + node.name + "' (" + node.op + "): " + error.what());
    }
  }

  Layer& new_layer(const Node& node) {
    Layer layer{.name = names_.take(node)};
    for (const std::string& input : uses_.moving_inputs(node)) {
      add_input(layer, layer_of(input));
    }
    for (const std::string& input : node.inputs) {
      layer.parameters = checked_add(layer.parameters, trained_words(node, input));
    }
    network_.layers.push_back(std::move(layer));
    finish_node(node, static_cast<int>(network_.layers.size()) - 1);
    return network_.layers.back();
  }
  static void add_input(Layer& layer, int from) {
    if (from >= 0 && std::find(layer.inputs.begin(), layer.inputs.end(), from) == layer.inputs.end()) {
      layer.inputs.push_back(from);
    }
  }
  void finish_node(const Node& node, int layer) {
    for (const std::string& output : node.outputs) {
      layer_[output] = layer;
    }
    if (!node.outputs.empty()) {
      current_[layer] = node.outputs.front();
    }
  }

  // Parameters among the inputs: everything stored but statistics, limits, scales and single numbers.
  std::int64_t trained_words(const Node& node, const std::string& input) {
    const auto at = static_cast<std::size_t>(std::find(node.inputs.begin(), node.inputs.end(), input) -
                                             node.inputs.begin());
    const bool quantised = node.op == "QLinearConv" || node.op == "QLinearMatMul";
    const bool zero_point = (node.op == "ConvInteger" || node.op == "MatMulInteger") && at >= 2;
    const bool setting = (node.op == "BatchNormalization" && at >= 3) || (node.op == "Clip" && at >= 1) ||
                         (node.op == "Resize" && at >= 1) || (node.op == "TopK" && at >= 1) ||
                         node.op.rfind("Reduce", 0) == 0 || (quantised && at != 3 && at != 8) || zero_point;
    const std::vector<std::int64_t>* dims = graph_.dims(input);
    if (setting || dims == nullptr || (dims->empty() && at != 0)) {
      return 0;
    }
    return stored_.count_new(input);
  }

  void place_problem(const Node& node) {
    std::optional<Problem> problem = node_problem(graph_, node);
    if (!problem) {
      place_unknown(node);
      return;
    }
    const std::size_t bias = node.op == "QLinearConv" ? 8 : 2;
    const bool takes_bias = node.op == "Conv" || node.op == "ConvTranspose" || node.op == "Gemm" || bias == 8;
    const std::int64_t out = elements(node.outputs.front());
    Layer& layer = new_layer(node);
    problem->name = layer.name;
    std::vector<float> words = words_.take(node, *problem);
    if (weights_ != nullptr && !words.empty()) {
      weights_->resize(network_.layers.size());
      weights_->back() = std::move(words);
    }
    layer.problem = std::move(problem);
    if (takes_bias && !node.input(bias).empty()) {
      layer.post_ops.push_back({.name = "bias",
                                .kind = VectorKind::kBias,
                                .elements = out,
                                .extra_input_words = elements(node.input(bias)),
                                .output_words = out,
                                .bits = layer.problem->tensor(Role::kOutputs).bits});
    }
  }

  VectorOp vector_op(const Node& node) const {
    const OperatorInfo info = operator_info(node.op);
    const std::int64_t out = elements(node.outputs.front());
    return {.name = node.op,
            .kind = info.kind,
            .elements = out,
            .ops_per_element = info.ops,
            .output_words = out,
            .standalone = true,
            .bits = words_.vector_bits(node)};
  }

  // Words of all inputs whose layer is not `home`; those of `home` come for free.
  std::int64_t words_from_elsewhere(const Node& node, int home) const {
    std::int64_t total = 0;
    for (const std::string& input : node.inputs) {
      const bool fixed = graph_.value(input).fixed;
      const bool large = !input.empty() && graph_.dims(input) != nullptr && !graph_.dims(input)->empty();
      if (large && (fixed || home < 0 || layer_of(input) != home)) {
        total = checked_add(total, elements(input));
      }
    }
    return total;
  }

  void place_elementwise(const Node& node) {
    VectorOp op = vector_op(node);
    const std::vector<std::string> moving = uses_.moving_inputs(node);
    int home = -1;
    for (const std::string& input : moving) {
      home = std::max(home, layer_of(input));
    }
    bool fuses = home >= 0 && elements(current_.at(home)) == op.elements;
    for (const std::string& input : moving) {
      fuses = fuses && (layer_of(input) != home || uses_.only_elementwise(input));
    }
    if (op.kind == VectorKind::kResidualAdd && moving.size() < 2) {
      op.kind = VectorKind::kBias;
    }
    if (!fuses) {
      place_alone(node, std::move(op));
      return;
    }
    op.standalone = false;
    op.extra_input_words = words_from_elsewhere(node, home);
    if (node.op == "BatchNormalization") {
      op.extra_input_words /= 2;  // mean and variance are folded into scale and shift
    }
    Layer& layer = network_.layers[static_cast<std::size_t>(home)];
    for (const std::string& input : moving) {
      if (layer_of(input) != home) {
        add_input(layer, layer_of(input));
      }
    }
    for (const std::string& input : node.inputs) {
      layer.parameters = checked_add(layer.parameters, trained_words(node, input));
    }
    layer.post_ops.push_back(std::move(op));
    finish_node(node, home);
  }

  void place_alone(const Node& node, VectorOp op) {
    op.extra_input_words = words_from_elsewhere(node, -1);
    new_layer(node).post_ops.push_back(std::move(op));
  }

  void place_pass(const Node& node) {
    VectorOp op = vector_op(node);
    const std::vector<std::string> moving = uses_.moving_inputs(node);
    if (op.kind == VectorKind::kPool) {
      op.ops_per_element = static_cast<double>(element_count(node.list("kernel_shape", {1})));
    } else if (op.kind == VectorKind::kGlobalPool && !moving.empty()) {
      op.ops_per_element = static_cast<double>(elements(moving.front())) / static_cast<double>(op.elements);
    }
    const int home = moving.size() == 1 ? layer_of(moving.front()) : -1;
    const bool follows = home >= 0 && uses_.origin(moving.front()) == current_.at(home) &&
                         uses_.count(moving.front()) == 1 && op.kind != VectorKind::kConcat;
    if (!follows) {
      if (node.op == "Gather") {
        // Only the rows picked are read, not the table.
        new_layer(node).post_ops.push_back(op);
        network_.layers.back().post_ops.back().extra_input_words = op.elements;
        return;
      }
      place_alone(node, std::move(op));
      return;
    }
    op.extra_input_words = words_from_elsewhere(node, home);
    Layer& layer = network_.layers[static_cast<std::size_t>(home)];
    for (const std::string& input : node.inputs) {
      layer.parameters = checked_add(layer.parameters, trained_words(node, input));
    }
    layer.post_ops.push_back(std::move(op));
    finish_node(node, home);
  }

  void place_unknown(const Node& node) {
    network_.unknown.push_back({node.op, node.name});
    int home = -1;
    for (const std::string& input : uses_.moving_inputs(node)) {
      home = std::max(home, layer_of(input));
    }
    if (home >= 0) {
      for (const std::string& output : node.outputs) {
        layer_[output] = home;
      }
    }
  }

  const Graph& graph_;
  Uses uses_;
  StoredTensors stored_;
  LayerWords words_;
  std::vector<std::vector<float>>* weights_;
  Network network_;
  std::vector<Diagnostic> problems_;
  LayerNames names_;
  std::map<std::string, int> layer_;
  std::map<int, std::string> current_;  // the value a layer ends with
};

}  // namespace

Network build_network(const Graph& graph, std::vector<std::vector<float>>* weights) {
  return Builder(graph, weights).run();
}

}  // namespace weft::onnx_import
