// See runs.hpp.
// SPDX-License-Identifier: Apache-2.0
#include "arch/sim/core/runs.hpp"

#include <algorithm>
#include <iterator>

namespace weft::sim {

Runs runs_of(const IndexSet& set) {
  Runs runs;
  std::size_t i = 0;
  while (i < set.size()) {
    Run run{set[i], 1, 1};
    if (i + 1 < set.size()) {
      run.step = set[i + 1] - set[i];
      while (i + static_cast<std::size_t>(run.count) < set.size() &&
             set[i + static_cast<std::size_t>(run.count)] == run.first + run.count * run.step) {
        ++run.count;
      }
    }
    i += static_cast<std::size_t>(run.count);
    runs.push_back(run);
  }
  return runs;
}

IndexSet intersection(const IndexSet& a, const IndexSet& b) {
  IndexSet result;
  std::set_intersection(a.begin(), a.end(), b.begin(), b.end(), std::back_inserter(result));
  return result;
}

IndexSet difference(const IndexSet& a, const IndexSet& b) {
  IndexSet result;
  std::set_difference(a.begin(), a.end(), b.begin(), b.end(), std::back_inserter(result));
  return result;
}

}  // namespace weft::sim
