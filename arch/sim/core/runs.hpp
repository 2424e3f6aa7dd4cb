// Index sets as a few evenly spaced runs, and the differences between sets, so that copying and computing
// have tight inner loops.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <vector>

#include "arch/program.hpp"

namespace weft::sim {

// first, first + step, ... (count terms).
struct Run {
  std::int64_t first = 0, step = 1, count = 0;
  friend bool operator==(const Run&, const Run&) = default;
};
using Runs = std::vector<Run>;

// Ascending set to runs, greedily: {0 1 2 8 9 10} gives two runs of three.
[[nodiscard]] Runs runs_of(const IndexSet& set);
[[nodiscard]] IndexSet intersection(const IndexSet& a, const IndexSet& b);
[[nodiscard]] IndexSet difference(const IndexSet& a, const IndexSet& b);

// Calls f(first word, step, count) for each run of words of the box `ranks` (one Runs per rank) of a
// row-major array with the given strides.
template <class F>
void for_each_run(const std::vector<const Runs*>& ranks, const std::vector<std::int64_t>& strides, const F& f,
                  std::size_t rank = 0, std::int64_t base = 0) {
  if (rank == ranks.size()) {
    f(base, std::int64_t{1}, std::int64_t{1});  // a tensor without ranks: one word
    return;
  }
  const std::int64_t stride = strides[rank];
  for (const Run& run : *ranks[rank]) {
    if (rank + 1 == ranks.size()) {
      f(base + run.first * stride, run.step * stride, run.count);
      continue;
    }
    for (std::int64_t i = 0; i < run.count; ++i) {
      for_each_run(ranks, strides, f, rank + 1, base + (run.first + i * run.step) * stride);
    }
  }
}

}  // namespace weft::sim
