// A network: layers in topological order with their post-operations, edges and repeat counts.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "workload/problem.hpp"
#include "workload/ranking.hpp"

namespace weft {

// An operation of the vector unit: no multiply-accumulate array, but elements and traffic.
enum class VectorKind : std::uint8_t {
  kBias,
  kActivation,
  kPool,
  kGlobalPool,
  kResidualAdd,
  kMultiply,
  kSoftmax,
  kNormalisation,
  kConcat,
  kResize,
  kTopK,
  kOther
};
[[nodiscard]] std::string_view name_of(VectorKind kind);

// A fused operation (standalone false) works on results as they leave the array: its elements cost
// operations, and only extra_input_words are traffic; when it changes their number, output_words replaces
// the words of the operation before it. A standalone one reads what the operation before it in the layer
// produced (nothing, when it opens a layer without a problem), reads extra_input_words and writes
// output_words. Neighbourhoods and whole rows (pool, softmax, layer norm, concat) are standalone.
struct VectorOp {
  std::string name{};
  VectorKind kind = VectorKind::kOther;
  std::int64_t elements = 0;   // output elements
  double ops_per_element = 1;  // scalar operations for one output element (a 3x3 max pool: 9)
  // Words read besides the layer's own output: the other side of a residual add, the scale of a norm; for
  // the first operation of a layer without a problem, everything it reads.
  std::int64_t extra_input_words = 0;
  std::int64_t output_words = 0;  // words of the result
  bool standalone = false;
  int bits = 8;
  // Top-k: in each of `rows` rows of elements / rows scores, the largest `keep` are found (ranking.hpp says
  // what that takes; ops_per_element says nothing). Others: 1 and 0.
  std::int64_t rows = 1, keep = 0;
};
// Of a top-k.
[[nodiscard]] inline Ranking ranking_of(const VectorOp& op) {
  return {op.rows, op.elements / op.rows, op.keep};
}

// A layer: at most one problem for the array, then operations of the vector unit. A layer without a
// problem is vector work only (a pool after a concat).
struct Layer {
  std::string name{};
  std::optional<Problem> problem{};
  std::vector<VectorOp> post_ops{};
  std::vector<int> inputs{};    // indices of producing layers; empty: network input
  std::int64_t repeat = 1;      // identical copies one after the other
  std::int64_t parameters = 0;  // trained words (weights, bias, norm), for one copy
};

// An operator of the source file that nobody here knows: reported, never dropped silently.
struct UnknownOperator {
  std::string op_type{};
  std::string node{};
};

// Layers are in topological order: every entry of `inputs` is smaller than the layer's own index.
struct Network {
  std::string name{};
  std::vector<Layer> layers{};
  std::vector<UnknownOperator> unknown{};
};

// Totals over all layers and repeats. Throw OverflowError.
[[nodiscard]] std::int64_t macs(const Network& network);
[[nodiscard]] std::int64_t parameters(const Network& network);
// The first broken invariant in words, or empty.
[[nodiscard]] std::string validate(const Network& network);
// Every tensor of every problem and vector op gets these widths (1..64 bits).
void set_bits(Network& network, int weight_bits, int activation_bits);
// The network as a file (configs/README.md, "network files") that loads to an equal network: same shapes,
// operations, parameters, edges, repeats. Of zeros counted in a tensor that is no file of its own, only their
// share is written. Precondition: validate(network) is empty. Throws
// std::invalid_argument when a problem is no convolution, product or einsum as problem.hpp makes them.
[[nodiscard]] std::string print_yaml(const Network& network);

}  // namespace weft
