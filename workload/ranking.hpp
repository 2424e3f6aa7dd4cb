// The largest k of n scores by quick-select: a pivot parts what is left, the side with the k-th goes on.
// What is at least as large is picked as it passes on its way. Ranking units of hardware do this, some
// scores in a cycle (H. Wang et al., SpAtten, HPCA 2021, section IV).
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "base/rng.hpp"

namespace weft {

// `rows` selections of their own, each of `keep` among `candidates`; 1 <= keep <= candidates.
struct Ranking {
  std::int64_t rows = 1, candidates = 1, keep = 1;
  friend bool operator==(const Ranking&, const Ranking&) = default;
};

// Of one selection, expected over random orders of different scores. Keeping everything needs neither.
struct SelectWork {
  double looked_at = 0;  // scores, over all passes
  double passes = 0;
};
// Comparisons of the search: D. Knuth, "Mathematical Analysis of Algorithms", IFIP 1971, equation (17); one
// more score per pass, the pivot itself. Passes: depth of a node in a random search tree.
[[nodiscard]] SelectWork expected_select(std::int64_t candidates, std::int64_t keep);
// Cycles of all rows, one after the other, `lanes` scores a cycle. The last cycle of a pass is half empty.
[[nodiscard]] double expected_cycles(const Ranking& ranking, std::int64_t lanes);
// The same with pivots drawn one by one. Of very many rows some are drawn and stand for all.
[[nodiscard]] std::int64_t drawn_cycles(const Ranking& ranking, std::int64_t lanes, Rng& rng);

}  // namespace weft
