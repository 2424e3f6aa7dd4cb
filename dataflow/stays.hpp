// How long a word stays in a memory, in index arithmetic: which indices of a dim pass while it lies there,
// and which ones tell one stay from another. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <vector>

#include "dataflow/boundary.hpp"

namespace weft {

// Of one dim: `begins` are the useful first indices of its stays, and begin + offset, below the dim's size,
// the indices of one.
struct DimStays {
  std::vector<std::int64_t> begins, offsets;
  std::int64_t size = 1;
  // Indices of the stay that begins there, ascending.
  [[nodiscard]] std::vector<std::int64_t> indices(std::int64_t begin) const;
};

// By dim, for words of an operand that cross the boundary, all instances below taken together. A word stays
// while loops advance that do not mention its tensor. Where inputs reuse halos, loops behind these that move
// the window along one rank alone are not among the stays but a run of steps, from each to the next of which
// the words that both have stay.
struct Stays {
  std::vector<DimStays> dims;
  int rank = -1;              // of the inputs, along which the run goes; none: -1
  std::vector<NestLoop> run;  // outermost first, loops that the inputs do not mention among them
};
[[nodiscard]] Stays stays(const Nest& nest, const Problem& problem, const Accelerator& accelerator,
                          const Boundary& boundary);

}  // namespace weft
