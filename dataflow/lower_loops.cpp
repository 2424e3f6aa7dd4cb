// SPDX-License-Identifier: Apache-2.0
#include "dataflow/lower_loops.hpp"

#include <algorithm>

namespace weft {

namespace {

// The level of the innermost tiles.
int deepest_level(const Mapping& mapping) {
  int deepest = 0;
  for (const Role role : kAllRoles) {
    const std::vector<int> chain = keeper_chain(mapping, role);
    deepest = std::max(deepest, chain[chain.size() - 2]);
  }
  return deepest;
}

// Does a tile of some tensor change in time when the `i`-th loop of the nest advances?
bool changes_a_tile(const Nest& nest, const Mapping& mapping, const Problem& problem, int i) {
  const NestLoop& loop = nest.loops()[static_cast<std::size_t>(i)];
  const int dim = loop.dim;
  return !loop.spatial && std::any_of(kAllRoles.begin(), kAllRoles.end(), [&](Role role) {
    const std::vector<int> chain = keeper_chain(mapping, role);
    return relevant(problem.tensor(role), dim) && i < nest.outside(chain[chain.size() - 2]);
  });
}

}  // namespace

StepLoops step_loops(const Nest& nest, const Mapping& mapping, const Problem& problem,
                     const Controller& controller, std::int64_t max_steps) {
  int end = nest.outside(deepest_level(mapping));
  while (controller.commands && end > 0 && !changes_a_tile(nest, mapping, problem, end - 1)) {
    --end;
  }
  StepLoops result;
  std::int64_t steps = 1;
  for (int i = 0; i < end; ++i) {
    const NestLoop& loop = nest.loops()[static_cast<std::size_t>(i)];
    if (loop.spatial) {
      continue;
    }
    if (loop.bound > max_steps / steps) {
      result.coarsened = true;
      break;
    }
    steps *= loop.bound;
    result.loops.push_back(loop);
    result.next = static_cast<std::size_t>(i) + 1;
  }
  return result;
}

int command_dim(const Controller& controller, const Problem& problem) {
  if (controller.commands) {
    for (const std::string& name : controller.commands->along) {
      if (problem.dim(name) >= 0) {
        return problem.dim(name);
      }
    }
  }
  return -1;
}

}  // namespace weft
