// An ONNX file reduced to what the import needs: nodes in topological order, the shape of every value, and
// the values of small integer constants. No ONNX header is needed to read it.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "workload/import.hpp"

namespace weft::onnx_import {

// A tensor of the graph. The empty name is an absent optional input.
struct Value {
  std::optional<std::vector<std::int64_t>> dims{};  // nothing: could not be inferred
  bool stored = false;  // a tensor of the file (or beside it), or an exporter's second name for one
  bool fixed = false;   // depends on stored tensors and constants only
  // Known contents: shapes and indices, at most kMaxConstant words, row-major.
  std::optional<std::vector<std::int64_t>> constant{};
  int element = 0;  // element type, as the format numbers them (onnx_bits.hpp); 0: unknown
};
inline constexpr std::size_t kMaxConstant = 4096;

struct Node {
  std::string op{};    // operator type; those outside the ONNX domain carry theirs: "com.x.Foo"
  std::string name{};  // the node's name, or its type and first output
  std::vector<std::string> inputs{};
  std::vector<std::string> outputs{};
  std::map<std::string, std::int64_t> integers{};
  std::map<std::string, std::vector<std::int64_t>> lists{};
  std::map<std::string, std::string> texts{};

  [[nodiscard]] std::int64_t integer(const std::string& key, std::int64_t fallback) const;
  [[nodiscard]] std::vector<std::int64_t> list(const std::string& key,
                                               std::vector<std::int64_t> fallback) const;
  [[nodiscard]] std::string text(const std::string& key) const;
  // The name of an input, empty when absent.
  [[nodiscard]] const std::string& input(std::size_t index) const;
};

struct Graph {
  std::string name{};
  std::string file{};
  std::vector<Node> nodes{};  // topological order
  std::map<std::string, Value> values{};
  // The words of a stored tensor, row-major; nothing where the file (or the one beside it) does not hold
  // them, or not as many as its dims say.
  std::function<std::optional<std::vector<float>>(const std::string&)> contents{};

  [[nodiscard]] const Value& value(const std::string& value_name) const;
  // The dims of a value, or nullptr.
  [[nodiscard]] const std::vector<std::int64_t>* dims(const std::string& value_name) const;
};

// The product of the dims. Throws OverflowError.
[[nodiscard]] std::int64_t element_count(const std::vector<std::int64_t>& dims);

// What the import does with an operator.
enum class Handling : std::uint8_t {
  kProblem,      // multiply-accumulates: Conv, Gemm, MatMul ...
  kElementwise,  // one output element from one element of each input
  kPass,         // a pass over memory: pools, softmax, norms, concat, resize
  kFree,         // moves or renames data: Reshape, Transpose, Identity ...
  kLookup,       // Gather: free on shapes, a table lookup on trained tables
  kUnknown,
};
struct OperatorInfo {
  Handling handling = Handling::kUnknown;
  VectorKind kind = VectorKind::kOther;
  double ops = 1;  // scalar operations for one output element; a pass counts its window itself
};
[[nodiscard]] OperatorInfo operator_info(const std::string& op);

// Reads and checks the file, binds the batch, infers shapes. Throws ConfigError as load_network_onnx says.
[[nodiscard]] Graph read_graph(const std::filesystem::path& file, const ImportOptions& options);
// Replaces the chains exporters write for GELU and layer norm by one node each ("Gelu",
// "LayerNormalization").
void join_chains(Graph& graph);
// The problem of a node that has one; nothing when its form is not supported (a 3-D convolution). Throws
// std::invalid_argument and OverflowError on shapes that make no sense.
[[nodiscard]] std::optional<Problem> node_problem(const Graph& graph, const Node& node);
// The operands of such a node: which values play which part. For a product whose first factor alone is
// trained, that one is the weights.
struct ProblemOperands {
  std::string inputs{}, weights{};
  std::string weight_zero{};  // the zero point of integer weights; empty: none
  bool swapped = false;       // the first operand of the node is the weights
};
[[nodiscard]] ProblemOperands problem_operands(const Graph& graph, const Node& node);
// Shapes of a node's outputs by our own rules, for operators where the library has none (Einsum) or one for
// old versions only (reductions, Split); nothing for the others, and where the shape cannot be known.
[[nodiscard]] std::optional<std::vector<std::vector<std::int64_t>>> own_rule(const Graph& graph,
                                                                             const Node& node);
// `weights`, when not null, gets one entry per layer: the trained words in the order of the problem's
// tensor, empty where the file holds none.
[[nodiscard]] Network build_network(const Graph& graph, std::vector<std::vector<float>>* weights = nullptr);

// Who reads what, with operators that only move or rename data looked through.
class Uses {
 public:
  explicit Uses(const Graph& graph);
  // A value stands for the one it renames or moves: what a Reshape returns is what it was given.
  [[nodiscard]] std::string origin(const std::string& value) const;
  // The inputs that depend on the network's inputs.
  [[nodiscard]] std::vector<std::string> moving_inputs(const Node& node) const;
  // A Gather is a lookup on a trained table and free otherwise.
  [[nodiscard]] Handling handling(const Node& node) const;
  // Number of nodes that read the value.
  [[nodiscard]] std::size_t count(const std::string& value) const;
  // Do elementwise nodes, and nobody else, read the value? Then it need not exist outside its layer.
  [[nodiscard]] bool only_elementwise(const std::string& value) const;

 private:
  const Graph& graph_;
  std::map<std::string, std::string> origin_;
  std::map<std::string, std::vector<const Node*>> consumers_;
};

// Stored tensors from which every fixed value is made: what a layer that reads it has been trained to.
class StoredTensors {
 public:
  explicit StoredTensors(const Graph& graph);
  // Words of the stored tensors behind `value` that no earlier call has counted.
  [[nodiscard]] std::int64_t count_new(const std::string& value);

 private:
  const Graph& graph_;
  std::map<std::string, std::vector<std::string>> roots_;
  std::set<std::string> counted_;
};

}  // namespace weft::onnx_import
