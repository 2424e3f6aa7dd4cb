// One einsum-like operation: dims with sizes and three tensors with affine projections,
//   outputs[...] += inputs[...] * weights[...]
// Convolutions (stride, dilation, padding, groups), depthwise, linear, GEMM and batched matmul are all
// built here. Everything downstream (mapping, counting, simulating) sees only this type.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "workload/density.hpp"

namespace weft {

// The three parts a tensor can play. For a matmul of two activations the second operand is kWeights.
enum class Role : std::uint8_t { kWeights, kInputs, kOutputs };
inline constexpr int kRoles = 3;
inline constexpr std::array<Role, kRoles> kAllRoles = {Role::kWeights, Role::kInputs, Role::kOutputs};
[[nodiscard]] constexpr int index_of(Role role) {
  return static_cast<int>(role);
}
// Where the role's entry stands in a PerRole.
[[nodiscard]] constexpr std::size_t at(Role role) {
  return static_cast<std::size_t>(index_of(role));
}
[[nodiscard]] std::string_view name_of(Role role);  // "weights", "inputs", "outputs"

template <class T>
using PerRole = std::array<T, kRoles>;

inline constexpr int kMaxDims = 12;

// A problem dimension. Letters: conv N G K C P Q R S; GEMM M N K with batch B (see docs/design.md).
struct Dim {
  std::string name{};
  std::int64_t size = 1;
};

// coeff * index(dim); coeff >= 1.
struct Term {
  int dim = 0;  // index into Problem::dims
  std::int64_t coeff = 1;
};

// One axis of a tensor: coordinate = offset + sum of terms. Coordinates outside [0, extent) are padding:
// zeros that no memory holds and no transfer carries. offset <= 0 (minus the padding before).
struct Rank {
  std::vector<Term> terms{};
  std::int64_t offset = 0;
  std::int64_t extent = 1;
};

struct TensorShape {
  std::string name{};  // as users know it: "weights", "A", ...
  std::vector<Rank> ranks{};
  int bits = 8;          // width of one word, 1..64
  double density = 1.0;  // share of non-zero words, (0, 1]
  DensityModel model{};  // where they are
};

// Invariants (checked by validate): 1..kMaxDims dims, sizes >= 1, unique names; every dim appears in a
// tensor; within one tensor a dim appears in at most one rank; output ranks are single dims with
// coefficient 1, no padding; product of sizes (the MACs) and every tensor size fit in 63 bits.
struct Problem {
  std::string name{};
  std::string kind{};  // "conv", "depthwise", "linear", "gemm", "matmul", "einsum": for people only
  std::vector<Dim> dims{};
  PerRole<TensorShape> tensors{};

  [[nodiscard]] const TensorShape& tensor(Role role) const {
    return tensors[static_cast<std::size_t>(index_of(role))];
  }
  [[nodiscard]] TensorShape& tensor(Role role) { return tensors[static_cast<std::size_t>(index_of(role))]; }
  [[nodiscard]] int rank() const { return static_cast<int>(dims.size()); }
  [[nodiscard]] std::int64_t size(int dim) const { return dims[static_cast<std::size_t>(dim)].size; }
  // Index of the dim called `dim_name`, or -1.
  [[nodiscard]] int dim(std::string_view dim_name) const;
};

// Multiply-accumulates, padding included (as published MAC counts do). Throws OverflowError.
[[nodiscard]] std::int64_t macs(const Problem& problem);
// Words of the tensor as stored: product of the rank extents. Throws OverflowError.
[[nodiscard]] std::int64_t words(const TensorShape& tensor);
// Does the tensor's projection mention the dim?
[[nodiscard]] bool relevant(const TensorShape& tensor, int dim);

// What a dim does, from which tensors mention it.
enum class DimClass : std::uint8_t {
  kFilters,    // weights and outputs: K of a conv, N of a GEMM
  kReduction,  // weights and inputs, not outputs: C R S, K of a GEMM
  kPositions,  // inputs and outputs: N P Q, M of a GEMM
  kGroups,     // all three: G, batch of a batched matmul
  kOther,      // one tensor only
};
[[nodiscard]] DimClass class_of(const Problem& problem, int dim);
[[nodiscard]] std::string_view name_of(
    DimClass dim_class);  // "filters", "reduction", "positions", "groups", "other"

// The first broken invariant in words ("dim 'K' has size 0"), or empty.
[[nodiscard]] std::string validate(const Problem& problem);
// Same dims (with their names), projections, widths, densities and where non-zeros are; names of the problem
// and its tensors aside: equal problems have equal costs.
[[nodiscard]] bool same_shape(const Problem& a, const Problem& b);

// A convolution. Sizes in elements; `in_h`, `in_w` without padding. K and C are totals over groups.
struct ConvShape {
  std::string name{};
  std::int64_t batch = 1;
  std::int64_t in_channels = 1;
  std::int64_t out_channels = 1;
  std::int64_t in_h = 1, in_w = 1;
  std::int64_t kernel_h = 1, kernel_w = 1;
  std::int64_t stride_h = 1, stride_w = 1;
  std::int64_t dilation_h = 1, dilation_w = 1;
  std::int64_t pad_top = 0, pad_left = 0, pad_bottom = 0, pad_right = 0;
  std::int64_t groups = 1;
};
[[nodiscard]] std::int64_t out_h(const ConvShape& shape);
[[nodiscard]] std::int64_t out_w(const ConvShape& shape);
// Dims N G K C P Q R S in this order; K and C per group. `kind` is "depthwise" when C per group is 1 and
// G > 1, else "conv". Throws std::invalid_argument with a sentence when the shape makes no sense.
[[nodiscard]] Problem make_conv(const ConvShape& shape);

// outputs[B][M][N] = inputs[B][M][K] * weights[K][N]  (weights[B][K][N] when `batched_weights`).
struct GemmShape {
  std::string name{};
  std::int64_t batch = 1;
  std::int64_t m = 1, n = 1, k = 1;
  enum class Weights : std::uint8_t { kShared, kBatched } weights = Weights::kShared;
};
// Dims B M N K in this order. `kind` is "matmul" for batched weights, else "gemm".
[[nodiscard]] Problem make_gemm(const GemmShape& shape);

// A product of two tensors in Einstein's notation: "bhqd,bhkd->bhqk", or words when blanks separate them:
// "q head, key head -> q key". The first operand are the inputs, the second the weights. Dims come in the
// order in which the equation names them.
struct EinsumShape {
  std::string name{};
  std::string equation{};
  std::vector<Dim> sizes{};  // one entry for every index of the equation
};
// Throws std::invalid_argument: not two operands and a result, an index twice in one tensor, an index only in
// the result, a missing or superfluous size.
[[nodiscard]] Problem make_einsum(const EinsumShape& shape);
// The indices of "ab,bc->ac" as {{a, b}, {b, c}, {a, c}}. Throws std::invalid_argument.
[[nodiscard]] std::vector<std::vector<std::string>> parse_einsum(const std::string& equation);

}  // namespace weft
