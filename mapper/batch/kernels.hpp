// The inner loops of batch evaluation, compiled once for each kind of vector unit. Plain data only: what is
// compiled for a vector unit must not leave inline functions of common headers behind for others to call.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>

namespace weft::batch {

// Mappings evaluated together: a column of every slot fits in the first cache.
inline constexpr std::size_t kLanes = 64;

// What an instruction does with its sources (lane by lane) and its constant k.
enum class Op : std::uint8_t {
  kAdd,         // a + b
  kSubtract,    // a - b
  kMultiply,    // a * b
  kDivide,      // a / b
  kGreater,     // the greater of a and b
  kSelectLess,  // a < b ? c : d
  kCeil,        // a rounded up; 0 <= a < 2^51
  kAddTo,       // a + k
  kScale,       // a * k
  kDivideBy,    // a / k
};

struct Instruction {
  Op op = Op::kAdd;
  std::uint16_t to = 0;
  std::uint16_t a = 0, b = 0, c = 0, d = 0;
  double k = 0;
};

// One of the terms of a sum over terms: coefficient times a column of the swept part.
struct SweepTerm {
  std::uint32_t coefficient = 0;
  std::uint32_t column = 0;
};

// Columns [begin, begin + count) are one term each of the first `count` coefficients; whole vectors.
struct Layer {
  std::uint32_t begin = 0;
  std::uint32_t count = 0;
};

struct Kernels {
  // out[i] = the sum over the layers of the products of rows[0][c] ... rows[rows - 1][c], c = begin + i.
  void (*multiply)(const double* const* rows, std::size_t row_count, const Layer* layers,
                   std::size_t layer_count, double* out);
  // out[lane] = the sum over `terms` of coefficients[term.coefficient] * columns[term.column * stride +
  // lane].
  void (*sweep)(const SweepTerm* terms, std::size_t count, const double* coefficients, const double* columns,
                std::size_t stride, std::size_t lanes, double* out);
  // Runs the program on slots of kLanes values each.
  void (*run)(const Instruction* program, std::size_t count, double* slots);
};

namespace plain {
[[nodiscard]] Kernels kernels();
}
namespace avx2 {
[[nodiscard]] Kernels kernels();
}
namespace avx512 {
[[nodiscard]] Kernels kernels();
}

}  // namespace weft::batch
