// The loop of a study: asks its optimiser for genomes and tells it what became of them. Who evaluates them,
// or remembers, is the caller's. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <vector>

#include "dse/evaluator.hpp"

namespace weft {

// In place of the genes of the network: the accelerator is searched with all networks (nested search).
inline constexpr int kAllNetworks = -1;

struct SearchHooks {
  // The points of each genome, in order; fewer ends the search.
  std::function<std::vector<std::vector<StudyPoint>>(const std::vector<Genome>& batch)> run;
  // What run() gave, before the optimiser hears of it; false ends the search.
  std::function<bool(const std::vector<std::vector<StudyPoint>>& results)> took;
  std::function<void()> refused{};  // a genome was not admissible; may be empty
};

// Until the space's evaluations are used up, or nothing new is found.
void search_designs(const DesignSpace& space, const Evaluator& evaluator, const SearchHooks& hooks);

}  // namespace weft
