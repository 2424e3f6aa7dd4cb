// The words of one tile that are not in another, as a few disjoint boxes of runs.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <utility>
#include <vector>

#include "arch/sim/core/runs.hpp"

namespace weft::sim {

// Works on the coordinate sets of one tensor of a program; remembers what it worked out for each pair of
// sets, as the same few recur in every step.
class Regions {
 public:
  // `sets`: [rank][set], kept by reference.
  Regions(const std::vector<std::vector<IndexSet>>& sets, const TensorShape& shape);

  // Calls f(first word, step, count) for the runs that cover each word of `tile` not in `other` once; with
  // `other` null, all of `tile`.
  template <class F>
  void for_each_run_without(const Region& tile, const Region* other, const F& f) {
    for (const Box& box : boxes(tile, other)) {
      for_each_run(box, strides_, f);
    }
  }

 private:
  using Box = std::vector<const Runs*>;
  struct Pair {
    Runs common, only_first;
  };
  [[nodiscard]] std::vector<Box> boxes(const Region& tile, const Region* other);
  [[nodiscard]] const Pair& pair(std::size_t rank, std::int32_t a, std::int32_t b);
  [[nodiscard]] const Runs& all(std::size_t rank, std::int32_t set) const {
    return all_[rank][static_cast<std::size_t>(set)];
  }
  const std::vector<std::vector<IndexSet>>& sets_;
  std::vector<std::vector<Runs>> all_;
  std::vector<std::map<std::pair<std::int32_t, std::int32_t>, Pair>> pairs_;
  std::vector<std::int64_t> strides_;
};

// Row-major strides of a stored tensor.
[[nodiscard]] std::vector<std::int64_t> strides_of(const TensorShape& shape);

}  // namespace weft::sim
