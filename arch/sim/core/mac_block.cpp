// See mac_block.hpp.
// SPDX-License-Identifier: Apache-2.0
#include "arch/sim/core/mac_block.hpp"

#include <algorithm>
#include <tuple>

#include "arch/sim/core/regions.hpp"
#include "base/error.hpp"

namespace weft::sim {

namespace {

const IndexSet kOneIndex = {0};
const Runs kOneRun = {{0, 1, 1}};

std::int64_t dot(const std::int32_t* a, std::int64_t sa, const std::int32_t* b, std::int64_t sb,
                 std::int64_t n) {
  std::int64_t sum = 0;
  for (std::int64_t i = 0; i < n; ++i) {
    sum += static_cast<std::int64_t>(a[i * sa]) * b[i * sb];
  }
  return sum;
}

void add_scaled(std::int64_t* out, std::int64_t so, const std::int32_t* a, std::int64_t sa,
                std::int64_t scale, std::int64_t n) {
  for (std::int64_t i = 0; i < n; ++i) {
    out[i * so] += a[i * sa] * scale;
  }
}

void add_products(std::int64_t* out, std::int64_t so, const std::int32_t* a, std::int64_t sa,
                  const std::int32_t* b, std::int64_t sb, std::int64_t n) {
  for (std::int64_t i = 0; i < n; ++i) {
    out[i * so] += static_cast<std::int64_t>(a[i * sa]) * b[i * sb];
  }
}

std::int64_t floor_div(std::int64_t a, std::int64_t b) {
  return a >= 0 ? a / b : -((-a + b - 1) / b);
}

// The part of `run` whose coordinates base + coeff * index lie in [0, extent).
Run clipped(Run run, std::int64_t base, std::int64_t coeff, std::int64_t extent) {
  const std::int64_t first = base + coeff * run.first;
  const std::int64_t step = coeff * run.step;
  const std::int64_t last = first + step * (run.count - 1);
  if (first >= 0 && last < extent) {
    return run;
  }
  if (step == 0 || last < 0 || first >= extent) {
    return {run.first, run.step, 0};
  }
  const std::int64_t skip = first < 0 ? -floor_div(first, step) : 0;
  const std::int64_t end = std::min(run.count, floor_div(extent - 1 - first, step) + 1);
  return {run.first + skip * run.step, run.step, std::max<std::int64_t>(0, end - skip)};
}

}  // namespace

MacBlock::MacBlock(const Program& program) : program_(program) {
  for (const auto& sets : program.dim_sets) {
    auto& runs = runs_.emplace_back();
    for (const IndexSet& set : sets) {
      runs.push_back(runs_of(set));
    }
  }
  for (const Role role : kAllRoles) {
    const auto r = static_cast<std::size_t>(index_of(role));
    const TensorShape& shape = program.problem.tensor(role);
    const std::vector<std::int64_t> strides = strides_of(shape);
    for (std::size_t k = 0; k < shape.ranks.size(); ++k) {
      const Rank& rank = shape.ranks[k];
      PaddedRank padded{rank.offset, rank.extent, {}};
      std::int64_t last = rank.offset;
      for (const Term& term : rank.terms) {
        const auto d = static_cast<std::size_t>(term.dim);
        stride_[r][d] = term.coeff * strides[k];
        padded.coeff[d] = term.coeff;
        last += term.coeff * (program.problem.size(term.dim) - 1);
      }
      origin_.at[r] += rank.offset * strides[k];
      if (rank.offset < 0 || last >= rank.extent) {
        WEFT_ENSURE(padded_.size() < kMaxDims, "too many padded ranks");
        origin_.coordinate[padded_.size()] = rank.offset;
        padded_.push_back(padded);
      }
    }
  }
  unit_axis_ = {&kOneIndex, &kOneRun, {}, std::vector<std::int64_t>(padded_.size(), 0)};
}

MacBlock::Axis MacBlock::axis(std::size_t dim, std::size_t set) const {
  Axis axis{&program_.dim_sets[dim][set], &runs_[dim][set], {}, {}};
  for (std::size_t r = 0; r < kRoles; ++r) {
    axis.stride[r] = stride_[r][dim];
  }
  for (const PaddedRank& padded : padded_) {
    axis.coeff.push_back(padded.coeff[dim]);
  }
  return axis;
}

// Rough cost of one MAC with this axis innermost: the start of a run spread over its length, and a cache line
// per step where words lie far apart.
double MacBlock::inner_cost(const Axis& axis) {
  double cost = 24.0 * static_cast<double>(axis.runs->size()) / static_cast<double>(axis.set->size());
  for (const std::int64_t stride : axis.stride) {
    const std::int64_t words = stride * axis.runs->front().step;
    cost += words <= 1 ? 0.0 : words < 8 ? 0.1 : 1.0;
  }
  return cost;
}

// Fixes dims of one index, sorts the others so that the cheapest is innermost; returns the MACs.
std::int64_t MacBlock::arrange(const Step& step) {
  std::int64_t macs = 1;
  axes_.clear();
  base_ = origin_;
  for (std::size_t d = 0; d < step.iteration.size(); ++d) {
    Axis axis = this->axis(d, static_cast<std::size_t>(step.iteration[d]));
    macs *= static_cast<std::int64_t>(axis.set->size());
    if (axis.set->size() == 1) {
      base_ = moved(base_, axis, axis.set->front());
    } else {
      axes_.push_back(std::move(axis));
    }
  }
  axes_.resize(std::max<std::size_t>(2, axes_.size()), unit_axis_);
  std::stable_sort(axes_.begin(), axes_.end(),
                   [](const Axis& a, const Axis& b) { return inner_cost(a) > inner_cost(b); });
  return macs;
}

std::int64_t MacBlock::run(const Step& step, const std::int32_t* weights, const std::int32_t* inputs,
                           std::int64_t* outputs) {
  weights_ = weights;
  inputs_ = inputs;
  outputs_ = outputs;
  const std::int64_t macs = arrange(step);
  if (macs > 0) {
    outer(0, base_);
  }
  return macs;
}

MacBlock::Position MacBlock::moved(const Position& from, const Axis& axis, std::int64_t index) const {
  Position to = from;
  for (std::size_t r = 0; r < kRoles; ++r) {
    to.at[r] += axis.stride[r] * index;
  }
  for (std::size_t k = 0; k < padded_.size(); ++k) {
    to.coordinate[k] += axis.coeff[k] * index;
  }
  return to;
}

void MacBlock::outer(std::size_t depth, const Position& position) {
  if (depth + 2 == axes_.size()) {
    inner(position);
    return;
  }
  const Axis& axis = axes_[depth];
  for (const std::int64_t index : *axis.set) {
    outer(depth + 1, moved(position, axis, index));
  }
}

void MacBlock::inner(const Position& position) {
  const Axis& last = axes_.back();
  const Axis& before = axes_[axes_.size() - 2];
  for (const std::int64_t index : *before.set) {
    const Position here = moved(position, before, index);
    for (const Run& run : *last.runs) {
      inner_run(here, last, run);
    }
  }
}

void MacBlock::inner_run(const Position& position, const Axis& axis, Run run) {
  for (std::size_t k = 0; k < padded_.size(); ++k) {
    run = clipped(run, position.coordinate[k], axis.coeff[k], padded_[k].extent);
    if (run.count == 0) {
      return;
    }
  }
  const auto [sw, si, so] =
      std::tuple(axis.stride[0] * run.step, axis.stride[1] * run.step, axis.stride[2] * run.step);
  const std::int32_t* w = weights_ + position.at[0] + axis.stride[0] * run.first;
  const std::int32_t* in = inputs_ + position.at[1] + axis.stride[1] * run.first;
  std::int64_t* out = outputs_ + position.at[2] + axis.stride[2] * run.first;
  if (so == 0) {
    *out += sw == 1 && si == 1 ? dot(w, 1, in, 1, run.count) : dot(w, sw, in, si, run.count);
  } else if (sw == 0) {
    so == 1 && si == 1 ? add_scaled(out, 1, in, 1, *w, run.count)
                       : add_scaled(out, so, in, si, *w, run.count);
  } else if (si == 0) {
    so == 1 && sw == 1 ? add_scaled(out, 1, w, 1, *in, run.count)
                       : add_scaled(out, so, w, sw, *in, run.count);
  } else {
    add_products(out, so, w, sw, in, si, run.count);
  }
}

}  // namespace weft::sim
