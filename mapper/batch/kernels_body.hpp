// The kernels themselves, for vectors of WEFT_BATCH_LANES doubles in the namespace WEFT_BATCH_TARGET. Every
// lane does the same operations whatever the width, so all targets give the same bytes.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "mapper/batch/kernels.hpp"

#ifndef WEFT_BATCH_TARGET
#define WEFT_BATCH_TARGET plain
#define WEFT_BATCH_LANES 2
#endif

namespace weft::batch::WEFT_BATCH_TARGET {
namespace {

constexpr std::size_t kWide = WEFT_BATCH_LANES;
using Vec = double __attribute__((vector_size(kWide * sizeof(double)), aligned(sizeof(double)), may_alias));

inline const Vec* vectors(const double* from) {
  return reinterpret_cast<const Vec*>(from);
}
inline Vec* vectors(double* from) {
  return reinterpret_cast<Vec*>(from);
}

void multiply(const double* const* rows, std::size_t row_count, const Layer* layers, std::size_t layer_count,
              double* out) {
  for (std::size_t l = 0; l < layer_count; ++l) {
    const std::size_t begin = layers[l].begin;
    for (std::size_t i = 0; i < layers[l].count; i += kWide) {
      Vec product = *vectors(rows[0] + begin + i);
      for (std::size_t r = 1; r < row_count; ++r) {
        product *= *vectors(rows[r] + begin + i);
      }
      *vectors(out + i) = l == 0 ? product : *vectors(out + i) + product;
    }
  }
}

// Several vectors at a time share the load of a coefficient.
template <std::size_t several>
void sweep_some(const SweepTerm* terms, std::size_t count, const double* coefficients, const double* columns,
                std::size_t stride, double* out) {
  Vec sums[several] = {};
  for (std::size_t t = 0; t < count; ++t) {
    const double factor = coefficients[terms[t].coefficient];
    const Vec* column = vectors(columns + terms[t].column * stride);
    for (std::size_t v = 0; v < several; ++v) {
      sums[v] += factor * column[v];
    }
  }
  for (std::size_t v = 0; v < several; ++v) {
    vectors(out)[v] = sums[v];
  }
}

void sweep(const SweepTerm* terms, std::size_t count, const double* coefficients, const double* columns,
           std::size_t stride, std::size_t lanes, double* out) {
  std::size_t lane = 0;
  for (; lane + 4 * kWide <= lanes; lane += 4 * kWide) {
    sweep_some<4>(terms, count, coefficients, columns + lane, stride, out + lane);
  }
  for (; lane + kWide <= lanes; lane += kWide) {
    sweep_some<1>(terms, count, coefficients, columns + lane, stride, out + lane);
  }
  for (; lane < lanes; ++lane) {
    double sum = 0;
    for (std::size_t t = 0; t < count; ++t) {
      sum += coefficients[terms[t].coefficient] * columns[terms[t].column * stride + lane];
    }
    out[lane] = sum;
  }
}

template <class Each>
inline void each(double* to, const Each& value) {
  for (std::size_t v = 0; v < kLanes / kWide; ++v) {
    vectors(to)[v] = value(v);
  }
}

// Adding 2^52 leaves no bits for a fraction.
inline Vec round_up(Vec x) {
  constexpr double kNoFraction = 4503599627370496.0;
  const Vec nearest = (x + kNoFraction) - kNoFraction;
  return nearest < x ? nearest + 1.0 : nearest;
}

void run(const Instruction* program, std::size_t count, double* slots) {
  for (const Instruction* i = program; i != program + count; ++i) {
    double* to = slots + i->to * kLanes;
    const Vec* a = vectors(slots + i->a * kLanes);
    const Vec* b = vectors(slots + i->b * kLanes);
    const Vec* c = vectors(slots + i->c * kLanes);
    const Vec* d = vectors(slots + i->d * kLanes);
    const double k = i->k;
    switch (i->op) {
      case Op::kAdd:
        each(to, [&](std::size_t v) { return a[v] + b[v]; });
        break;
      case Op::kSubtract:
        each(to, [&](std::size_t v) { return a[v] - b[v]; });
        break;
      case Op::kMultiply:
        each(to, [&](std::size_t v) { return a[v] * b[v]; });
        break;
      case Op::kDivide:
        each(to, [&](std::size_t v) { return a[v] / b[v]; });
        break;
      case Op::kGreater:
        each(to, [&](std::size_t v) { return a[v] > b[v] ? a[v] : b[v]; });
        break;
      case Op::kSelectLess:
        each(to, [&](std::size_t v) { return a[v] < b[v] ? c[v] : d[v]; });
        break;
      case Op::kCeil:
        each(to, [&](std::size_t v) { return round_up(a[v]); });
        break;
      case Op::kAddTo:
        each(to, [&](std::size_t v) { return a[v] + k; });
        break;
      case Op::kScale:
        each(to, [&](std::size_t v) { return a[v] * k; });
        break;
      case Op::kDivideBy:
        each(to, [&](std::size_t v) { return a[v] / k; });
        break;
    }
  }
}

}  // namespace

Kernels kernels() {
  return {multiply, sweep, run};
}

}  // namespace weft::batch::WEFT_BATCH_TARGET
