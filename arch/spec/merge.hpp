// Products of two sparse matrices whose partial matrices are merged (sparse.hpp, Merge): how many there are,
// what passes the merge tree, and what has to leave the chip in between. Expected here, for zeros spread
// uniformly; merge_count.hpp counts the same from positions.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstdint>
#include <queue>
#include <utility>
#include <vector>

#include "arch/spec/sparse.hpp"

namespace weft {

// inputs[B][M][K] * weights[B][K][N], whatever the dims are called; convolutions as they unfold to it.
struct ProductSizes {
  std::int64_t b = 1, m = 1, n = 1, k = 1;
};
// Groups, positions (M), filters (N) or reduction (K); dims of one tensor alone are one of these too.
[[nodiscard]] DimClass product_class(const Problem& problem, int dim);
[[nodiscard]] ProductSizes product_sizes(const Problem& problem);
// Does every word of the inputs have one place in that product? Windows overlap.
[[nodiscard]] bool unfolds_to_itself(const Problem& problem);

struct MergeWork {
  double products = 0;  // elements of all partial matrices
  double matrices = 0;  // partial ones that have any
  double rounds = 0;
  double merged = 0;   // elements that pass the tree, in all rounds
  double results = 0;  // non-zeros of the product
  double spilled = 0;  // elements written to the outermost level and read again
  double fetched = 0;  // non-zeros of the weights that come from outside
  MergeWork& operator+=(const MergeWork& other);
};
[[nodiscard]] MergeWork expected_merge(const Merge& merge, const Problem& problem);

// Cycles that the tree is busy for.
[[nodiscard]] inline double tree_cycles(const Merge& merge, const MergeWork& work) {
  return work.merged / static_cast<double>(merge.elements);
}
// Non-zeros that the buffer for the weights' rows holds, each with as many bits as tell its column.
[[nodiscard]] double buffered_elements(const Merge& merge, const Problem& problem);

// Merges `matrices` by rounds of at most `ways` until one is left, and counts. `size(matrix)`: its elements;
// `unite(matrices)`: the matrix of a round. A first round may take fewer, so that all others are full, as in
// a Huffman tree. Without any matrix nothing happens.
template <class Matrix, class Size, class Unite>
MergeWork merge_rounds(const Merge& merge, std::vector<Matrix> matrices, const Size& size,
                       const Unite& unite) {
  MergeWork work;
  work.matrices = static_cast<double>(matrices.size());
  std::vector<double> sizes;
  for (const Matrix& one : matrices) {
    sizes.push_back(size(one));
    work.products += sizes.back();
  }
  // Smallest first, or first come, first served; of equal ones the earlier.
  using Entry = std::pair<double, std::size_t>;
  std::priority_queue<Entry, std::vector<Entry>, std::greater<>> waiting;
  const auto wait = [&](std::size_t i) { waiting.push({merge.smallest_first ? sizes[i] : 0, i}); };
  for (std::size_t i = 0; i < matrices.size(); ++i) {
    wait(i);
  }
  const auto ways = static_cast<std::size_t>(merge.ways);
  const std::size_t odd = matrices.size() < 2 ? 0 : (matrices.size() - 1) % (ways - 1);
  std::size_t take = odd == 0 ? ways : odd + 1;
  while (waiting.size() > 1) {
    std::vector<Matrix> round;
    for (; !waiting.empty() && round.size() < take; waiting.pop()) {
      work.merged += sizes[waiting.top().second];
      round.push_back(std::move(matrices[waiting.top().second]));
    }
    take = ways;
    work.rounds += 1;
    matrices.push_back(unite(std::move(round)));
    sizes.push_back(size(matrices.back()));
    work.spilled += waiting.empty() ? 0 : sizes.back();
    wait(matrices.size() - 1);
  }
  work.results = sizes.empty() ? 0 : sizes[waiting.top().second];
  work.merged = work.rounds == 0 ? work.results : work.merged;
  work.spilled += merge.streamed ? 0 : work.products;
  return work;
}

}  // namespace weft
