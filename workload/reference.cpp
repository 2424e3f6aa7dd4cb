// The naive reference: every multiply-accumulate of a problem, one after the other. Loops are put in an
// order that keeps the innermost one long and its strides constant, and around it one that adds to the same
// outputs, so that sums of a few neighbours stay in registers; nothing else is clever here.
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "base/error.hpp"
#include "workload/tensor.hpp"

namespace weft {
namespace {

// A rank of weights or inputs whose coordinate can leave [0, extent).
struct Window {
  std::int64_t coordinate = 0;  // at the walk's present position
  std::int64_t extent = 1;
};

// One loop: how far a step moves in each tensor's storage and along each window.
struct Loop {
  std::int64_t size = 1;
  std::int64_t index = 0;
  PerRole<std::int64_t> stride{};
  std::vector<std::int64_t> along{};
};

struct Nest {
  std::vector<Loop> loops{};  // the last two are the middle and the innermost one
  std::vector<Window> windows{};
  PerRole<std::int64_t> base{};  // storage position of each tensor at index 0; negative inside padding
};

bool can_leave(const Problem& problem, const Rank& rank) {
  std::int64_t last = rank.offset;
  for (const Term& term : rank.terms) {
    last += term.coeff * (problem.size(term.dim) - 1);
  }
  return rank.offset < 0 || last >= rank.extent;
}

void add_tensor(const Problem& problem, Role role, Nest& nest) {
  const auto t = static_cast<std::size_t>(index_of(role));
  const std::vector<Rank>& ranks = problem.tensor(role).ranks;
  std::int64_t pitch = 1;
  for (std::size_t r = ranks.size(); r-- > 0;) {
    const Rank& rank = ranks[r];
    const bool window = can_leave(problem, rank);
    if (window) {
      nest.windows.push_back({rank.offset, rank.extent});
      for (Loop& loop : nest.loops) {
        loop.along.push_back(0);
      }
    }
    for (const Term& term : rank.terms) {
      Loop& loop = nest.loops[static_cast<std::size_t>(term.dim)];
      loop.stride[t] += term.coeff * pitch;
      if (window) {
        loop.along.back() = term.coeff;
      }
    }
    nest.base[t] += rank.offset * pitch;
    pitch *= rank.extent;
  }
}

bool touches_window(const Loop& loop) {
  return std::any_of(loop.along.begin(), loop.along.end(), [](std::int64_t step) { return step != 0; });
}

// Two loops are one when finishing the inner is the same step as advancing the outer, in every tensor.
bool fusible(const Loop& outer, const Loop& inner) {
  if (touches_window(outer) || touches_window(inner)) {
    return false;
  }
  for (std::size_t t = 0; t < kRoles; ++t) {
    if (outer.stride[t] != inner.stride[t] * inner.size) {
      return false;
    }
  }
  return true;
}

void fuse_neighbours(std::vector<Loop>& loops) {
  loops.erase(std::remove_if(loops.begin(), loops.end(), [](const Loop& l) { return l.size == 1; }),
              loops.end());
  for (std::size_t i = loops.size(); i-- > 1;) {
    if (fusible(loops[i - 1], loops[i])) {
      loops[i - 1].size *= loops[i].size;
      loops[i - 1].stride = loops[i].stride;
      loops.erase(loops.begin() + static_cast<std::ptrdiff_t>(i));
    }
  }
}

// Rough cost of one MAC with this loop innermost: start-up spread over its length, plus a cache line per
// step for long strides.
double inner_cost(const Loop& loop) {
  double cost = 8.0 / static_cast<double>(loop.size);
  for (const std::int64_t stride : loop.stride) {
    cost += stride <= 1 ? 0.0 : stride < 8 ? 0.1 : 1.0;
  }
  return cost;
}

// Before the innermost loop goes the longest one around it that adds to the same outputs and stays inside
// every window, or `once`.
void put_middle(std::vector<Loop>& loops, const Loop& once) {
  const auto inner = loops.end() - 1;
  auto middle = inner;
  for (auto loop = loops.begin(); loop != inner; ++loop) {
    if (loop->stride[2] == 0 && !touches_window(*loop) && (middle == inner || loop->size > middle->size)) {
      middle = loop;
    }
  }
  if (middle == inner) {
    loops.insert(inner, once);
  } else {
    std::rotate(middle, middle + 1, inner);
  }
}

Nest build(const Problem& problem) {
  Nest nest;
  for (const Dim& dim : problem.dims) {
    nest.loops.push_back({.size = dim.size});
  }
  for (const Role role : kAllRoles) {
    add_tensor(problem, role, nest);
  }
  fuse_neighbours(nest.loops);
  const Loop once{.size = 1, .along = std::vector<std::int64_t>(nest.windows.size(), 0)};
  if (nest.loops.empty()) {
    nest.loops.push_back(once);
  }
  const auto inner = std::min_element(nest.loops.begin(), nest.loops.end(), [](const Loop& a, const Loop& b) {
    return inner_cost(a) < inner_cost(b);
  });
  std::rotate(inner, inner + 1, nest.loops.end());
  put_middle(nest.loops, once);
  return nest;
}

// Steps of the innermost loop during which every window stays inside its tensor: [first, last).
struct Span {
  std::int64_t first, last;
};
Span inside(const Nest& nest, const Loop& inner) {
  Span span{0, inner.size};
  for (std::size_t w = 0; w < nest.windows.size(); ++w) {
    const Window& window = nest.windows[w];
    const std::int64_t step = inner.along[w];
    if (step == 0) {
      if (window.coordinate < 0 || window.coordinate >= window.extent) {
        return {0, 0};
      }
      continue;
    }
    if (window.coordinate < 0) {
      span.first = std::max(span.first, (-window.coordinate + step - 1) / step);
    }
    span.last = std::min(span.last, (window.extent - window.coordinate + step - 1) / step);
  }
  return span;
}

struct Data {
  const std::int32_t* weights;
  const std::int32_t* inputs;
  std::int64_t* outputs;
};

// Where a loop starts in an operand, and how far its step and a step of the middle loop go there.
struct Walk {
  const std::int32_t* at;
  std::int64_t step, middle;
};

// outputs[x] += the sum over the middle loop's steps of word * row[x], `Count` outputs in registers.
template <std::int64_t Count>
void add_to(std::int64_t* outputs, const Walk& word, const Walk& row, std::int64_t first, std::int64_t size) {
  std::int64_t sums[Count] = {};
  for (std::int64_t m = 0; m < size; ++m) {
    const std::int64_t scale = word.at[m * word.middle];
    const std::int32_t* from = row.at + m * row.middle + first * row.step;
    for (std::int64_t x = 0; x < Count; ++x) {
      sums[x] += scale * from[x * row.step];
    }
  }
  for (std::int64_t x = 0; x < Count; ++x) {
    outputs[first + x] += sums[x];
  }
}

// `count` neighbouring outputs: one operand's word stays where it is along them.
void add_row(std::int64_t* outputs, std::int64_t count, const Walk& word, const Walk& row,
             std::int64_t size) {
  std::int64_t x = 0;
  for (; x + 8 <= count; x += 8) {
    add_to<8>(outputs, word, row, x, size);
  }
  if (x + 4 <= count) {
    add_to<4>(outputs, word, row, x, size);
    x += 4;
  }
  for (; x < count; ++x) {
    add_to<1>(outputs, word, row, x, size);
  }
}

// Any other strides, one multiply-accumulate after the other.
void add_all(std::int64_t* output, std::int64_t step, std::int64_t count, Walk a, Walk b) {
  if (step == 0) {
    std::int64_t sum = 0;
    for (std::int64_t x = 0; x < count; ++x) {
      sum += std::int64_t{a.at[x * a.step]} * b.at[x * b.step];
    }
    *output += sum;
    return;
  }
  for (std::int64_t x = 0; x < count; ++x) {
    output[x * step] += std::int64_t{a.at[x * a.step]} * b.at[x * b.step];
  }
}

void run_inner(const Nest& nest, const Data& data) {
  const Loop& inner = nest.loops.back();
  const Loop& middle = nest.loops[nest.loops.size() - 2];
  const Span span = inside(nest, inner);
  if (span.first >= span.last) {
    return;
  }
  const auto [sw, si, so] = inner.stride;
  Walk w{data.weights + (nest.base[0] + span.first * sw), sw, middle.stride[0]};
  Walk i{data.inputs + (nest.base[1] + span.first * si), si, middle.stride[1]};
  std::int64_t* outputs = data.outputs + (nest.base[2] + span.first * so);
  const std::int64_t count = span.last - span.first;
  if (so == 1 && sw == 0) {
    add_row(outputs, count, w, i, middle.size);
  } else if (so == 1 && si == 0) {
    add_row(outputs, count, i, w, middle.size);
  } else {
    for (std::int64_t m = 0; m < middle.size; ++m, w.at += w.middle, i.at += i.middle) {
      add_all(outputs, so, count, w, i);
    }
  }
}

void move(Nest& nest, const Loop& loop, std::int64_t steps) {
  for (std::size_t t = 0; t < kRoles; ++t) {
    nest.base[t] += loop.stride[t] * steps;
  }
  for (std::size_t w = 0; w < nest.windows.size(); ++w) {
    nest.windows[w].coordinate += loop.along[w] * steps;
  }
}

// Advances the loops around the middle one like an odometer; false after the last position.
bool advance(Nest& nest) {
  for (std::size_t l = nest.loops.size() - 2; l-- > 0;) {
    Loop& loop = nest.loops[l];
    if (++loop.index < loop.size) {
      move(nest, loop, 1);
      return true;
    }
    loop.index = 0;
    move(nest, loop, 1 - loop.size);
  }
  return false;
}

}  // namespace

Accumulators reference(const Problem& problem, const Tensor& weights, const Tensor& inputs) {
  const auto fits = [&problem](const Tensor& tensor, Role role) {
    return static_cast<std::int64_t>(tensor.values.size()) == words(problem.tensor(role));
  };
  WEFT_ENSURE(fits(weights, Role::kWeights) && fits(inputs, Role::kInputs),
              "the tensors do not have the problem's sizes");
  Accumulators outputs;
  for (const Rank& rank : problem.tensor(Role::kOutputs).ranks) {
    outputs.extents.push_back(rank.extent);
  }
  outputs.values.assign(static_cast<std::size_t>(words(problem.tensor(Role::kOutputs))), 0);
  Nest nest = build(problem);
  const Data data{weights.values.data(), inputs.values.data(), outputs.values.data()};
  do {
    run_inner(nest, data);
  } while (advance(nest));
  return outputs;
}

}  // namespace weft
