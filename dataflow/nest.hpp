// The loops of a mapping as one flat nest with mixed-radix strides: what counting, timing and lowering
// share. Loops of bound 1 are left out.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <vector>

#include "dataflow/mapping.hpp"

namespace weft {

struct NestLoop {
  int dim = 0;
  std::int64_t bound = 1;
  std::int64_t stride = 1;  // product of the bounds of this dim's loops further in
  int level = 0;            // storage level it belongs to (spatial: the fan-out below that level)
  bool spatial = false;
};

class Nest {
 public:
  Nest(const Mapping& mapping, const Problem& problem);

  [[nodiscard]] const std::vector<NestLoop>& loops() const { return loops_; }
  // Number of loops outside `level`; depth() means the compute units, outside of which are all loops.
  [[nodiscard]] int outside(int level) const { return begin_[static_cast<std::size_t>(level)]; }
  [[nodiscard]] int depth() const { return static_cast<int>(begin_.size()) - 1; }
  // Iterations of `dim` inside the first `outer` loops: the tile extent, before the dim's end cuts it.
  [[nodiscard]] std::int64_t extent(int dim, int outer) const;
  [[nodiscard]] std::int64_t size(int dim) const { return sizes_[static_cast<std::size_t>(dim)]; }
  [[nodiscard]] int rank() const { return static_cast<int>(sizes_.size()); }
  // Instances that ever work, of `level` (depth(): compute units).
  [[nodiscard]] std::int64_t instances_used(int level) const;

 private:
  std::vector<NestLoop> loops_;
  std::vector<int> begin_;
  std::vector<std::int64_t> sizes_;
};

// Levels that keep `role`, outermost first, then the number of levels, which stands for compute.
[[nodiscard]] std::vector<int> keeper_chain(const Mapping& mapping, Role role);

}  // namespace weft
