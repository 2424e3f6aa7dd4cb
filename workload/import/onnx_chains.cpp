// Exporters write GELU and layer norm as chains of simple operators. Finding the chains again keeps them one
// operation of the vector unit instead of nine passes.
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "workload/import/onnx_graph.hpp"

namespace weft::onnx_import {
namespace {

class Joiner {
 public:
  explicit Joiner(Graph& graph) : graph_(graph), gone_(graph.nodes.size(), false) {
    for (std::size_t i = 0; i < graph.nodes.size(); ++i) {
      for (const std::string& output : graph.nodes[i].outputs) {
        producer_.emplace(output, i);
      }
      for (const std::string& input : graph.nodes[i].inputs) {
        consumers_[input].push_back(i);
      }
    }
  }

  void run() {
    for (std::size_t i = 0; i < graph_.nodes.size(); ++i) {
      if (graph_.nodes[i].op == "Erf") {
        join_gelu(i);
      } else if (graph_.nodes[i].op == "Sqrt") {
        join_layer_norm(i);
      }
    }
    std::vector<Node> kept;
    for (std::size_t i = 0; i < graph_.nodes.size(); ++i) {
      if (!gone_[i]) {
        kept.push_back(std::move(graph_.nodes[i]));
      }
    }
    graph_.nodes = std::move(kept);
  }

 private:
  static constexpr std::size_t kNone = static_cast<std::size_t>(-1);

  [[nodiscard]] const Node& node(std::size_t i) const { return graph_.nodes[i]; }
  [[nodiscard]] std::size_t producer(const std::string& value, const std::vector<std::string>& ops) const {
    const auto found = producer_.find(value);
    const bool fits =
        found != producer_.end() && std::find(ops.begin(), ops.end(), node(found->second).op) != ops.end();
    return fits ? found->second : kNone;
  }
  // The one consumer of a node's result, if it is of that type.
  [[nodiscard]] std::size_t consumer(std::size_t i, const std::string& op) const {
    if (node(i).outputs.empty()) {
      return kNone;
    }
    const auto found = consumers_.find(node(i).outputs.front());
    const bool fits =
        found != consumers_.end() && found->second.size() == 1 && node(found->second.front()).op == op;
    return fits ? found->second.front() : kNone;
  }
  // The input of a two-operand node that is not fixed, when the other one is; else empty.
  [[nodiscard]] std::string moving_input(std::size_t i) const {
    const Node& n = node(i);
    if (n.inputs.size() != 2) {
      return "";
    }
    const bool first = graph_.value(n.inputs[0]).fixed, second = graph_.value(n.inputs[1]).fixed;
    return first == second ? "" : n.inputs[first ? 1 : 0];
  }
  [[nodiscard]] std::string other_input(std::size_t i, const std::string& one) const {
    const Node& n = node(i);
    return n.inputs.size() != 2 ? "" : n.inputs[n.inputs[0] == one ? 1 : 0];
  }
  [[nodiscard]] std::string fixed_input(std::size_t i) const { return other_input(i, moving_input(i)); }

  void replace(const std::vector<std::size_t>& chain, std::size_t last, const std::string& op,
               std::vector<std::string> inputs) {
    for (const std::size_t i : chain) {
      gone_[i] = i != last;
    }
    Node& joined = graph_.nodes[last];
    joined.op = op;
    joined.inputs = std::move(inputs);
    joined.integers.clear();
    joined.lists.clear();
  }

  // x * (1 + erf(x / sqrt 2)) * 0.5, or with the 0.5 applied to x first.
  void join_gelu(std::size_t erf) {
    const std::size_t scaled =
        node(erf).inputs.empty() ? kNone : producer(node(erf).inputs[0], {"Div", "Mul"});
    const std::size_t plus = consumer(erf, "Add");
    const std::size_t times = plus == kNone ? kNone : consumer(plus, "Mul");
    if (scaled == kNone || times == kNone) {
      return;
    }
    const std::string x = moving_input(scaled);
    if (x.empty() || moving_input(plus).empty()) {
      return;
    }
    const std::string other = other_input(times, node(plus).outputs.front());
    const std::size_t half_before = producer(other, {"Mul", "Div"});
    const std::size_t half_after = consumer(times, "Mul");
    if (other == x && half_after != kNone && !moving_input(half_after).empty()) {
      replace({scaled, erf, plus, times, half_after}, half_after, "Gelu", {x});
    } else if (half_before != kNone && moving_input(half_before) == x) {
      replace({scaled, erf, plus, half_before, times}, times, "Gelu", {x});
    }
  }

  // (x - mean) / sqrt(mean((x - mean)^2) + epsilon), then scale and shift if they follow.
  void join_layer_norm(std::size_t root) {
    const std::size_t plus = node(root).inputs.empty() ? kNone : producer(node(root).inputs[0], {"Add"});
    const std::size_t variance = plus == kNone ? kNone : producer(moving_input(plus), {"ReduceMean"});
    const std::size_t square = variance == kNone || node(variance).inputs.empty()
                                   ? kNone
                                   : producer(node(variance).inputs[0], {"Pow", "Mul"});
    const std::size_t centred =
        square == kNone || node(square).inputs.empty() ? kNone : producer(node(square).inputs[0], {"Sub"});
    const std::size_t divided = consumer(root, "Div");
    if (centred == kNone || divided == kNone || node(centred).inputs.size() != 2) {
      return;
    }
    const std::string x = node(centred).inputs[0];
    const std::size_t mean = producer(node(centred).inputs[1], {"ReduceMean"});
    if (mean == kNone || node(mean).inputs.empty() || node(mean).inputs[0] != x ||
        other_input(divided, node(root).outputs.front()) != node(centred).outputs.front()) {
      return;
    }
    std::vector<std::size_t> chain = {mean, centred, square, variance, plus, root, divided};
    std::vector<std::string> inputs = {x};
    std::size_t last = divided;
    for (const char* op : {"Mul", "Add"}) {
      const std::size_t next = consumer(last, op);
      if (next == kNone || moving_input(next).empty()) {
        break;
      }
      inputs.push_back(fixed_input(next));
      chain.push_back(next);
      last = next;
    }
    replace(chain, last, "LayerNormalization", std::move(inputs));
  }

  Graph& graph_;
  std::vector<bool> gone_;
  std::map<std::string, std::size_t> producer_;
  std::map<std::string, std::vector<std::size_t>> consumers_;
};

}  // namespace

void join_chains(Graph& graph) {
  Joiner(graph).run();
}

}  // namespace weft::onnx_import
