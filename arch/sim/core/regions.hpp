// The words of one tile that are not in others, as a few disjoint boxes of runs.
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
  using Others = std::vector<const Region*>;
  // `sets`: [rank][set].
  Regions(const std::vector<std::vector<IndexSet>>& sets, const TensorShape& shape);

  // Calls f(first word, step, count) for the runs that cover each word of `tile` that is in none of `others`
  // once.
  template <class F>
  void for_each_run_without(const Region& tile, const Others& others, const F& f) {
    std::vector<const Runs*> runs;
    for (const Box& box : boxes(tile, others)) {
      runs.clear();
      for (std::size_t k = 0; k < box.size(); ++k) {
        runs.push_back(&ranks_[k].runs[static_cast<std::size_t>(box[k])]);
      }
      for_each_run(runs, strides_, f);
    }
  }
  // Is there a word in both that is not in `between`?
  [[nodiscard]] bool meet_outside(const Region& a, const Region& b, const Region& between);

 private:
  using Box = std::vector<std::int32_t>;  // [rank]: number of a set
  static constexpr std::int32_t kEmpty = -1;
  struct Split {
    std::int32_t common = kEmpty, only_first = kEmpty;
  };
  struct RankSets {
    std::vector<IndexSet> sets;  // of the program, then parts of them
    std::vector<Runs> runs;
    std::map<std::pair<std::int32_t, std::int32_t>, Split> splits;
  };
  [[nodiscard]] std::vector<Box> boxes(const Region& tile, const Others& others);
  void cut(const Box& box, const Region& other, std::vector<Box>& result);
  [[nodiscard]] Split split(std::size_t rank, std::int32_t a, std::int32_t b);
  std::vector<RankSets> ranks_;
  std::vector<std::int64_t> strides_;
};

// Row-major strides of a stored tensor.
[[nodiscard]] std::vector<std::int64_t> strides_of(const TensorShape& shape);

}  // namespace weft::sim
