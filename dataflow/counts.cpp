// Closed-form counts of a mapping: see transfers.hpp for why they are exact.
// SPDX-License-Identifier: Apache-2.0
#include "dataflow/counts.hpp"

#include "dataflow/boundary.hpp"
#include "dataflow/evaluate.hpp"

#include <algorithm>

namespace weft {

namespace {

struct Counter {
  const Nest& nest;
  const Problem& problem;
  const Accelerator& accelerator;
  const CountOptions& options;

  [[nodiscard]] std::int64_t ask(const Boundary& boundary, Scope scope, Visits visits) const {
    return make_transfers(nest, problem, accelerator, boundary, scope, visits, options).total();
  }

  void count(const Boundary& boundary, ActionCounts& counts) const {
    const auto role = static_cast<std::size_t>(index_of(boundary.role));
    LevelCounts& parent = counts.levels[static_cast<std::size_t>(boundary.parent)];
    TensorCounts& above = parent.tensors[role];
    NetworkCounts& network = parent.network[role];
    const std::int64_t received = ask(boundary, Scope::kReceivers, Visits::kAll);
    const std::int64_t passed = ask(boundary, Scope::kParents, Visits::kAll);
    network.sent = passed;
    network.delivered = received;
    TensorCounts below;
    if (boundary.role == Role::kOutputs) {
      network.read_back = received - ask(boundary, Scope::kReceivers, Visits::kFirst);
      above.updates = passed;
      above.reads = passed - ask(boundary, Scope::kParents, Visits::kFirst);
      below = {.fills = network.read_back, .drains = received};
    } else {
      above.reads = passed;
      below = {.fills = received};
    }
    if (boundary.child < accelerator.depth()) {
      TensorCounts& child = counts.levels[static_cast<std::size_t>(boundary.child)].tensors[role];
      child.fills = below.fills;
      child.drains = below.drains;
    }
  }
};

}  // namespace

ActionCounts count_actions(const Mapping& mapping, const Problem& problem, const Accelerator& accelerator,
                           const CountOptions& options) {
  const Nest nest(mapping, problem);
  ActionCounts counts;
  counts.macs = macs(problem);
  counts.levels.resize(accelerator.levels.size());
  for (int level = 0; level < accelerator.depth(); ++level) {
    counts.levels[static_cast<std::size_t>(level)].instances_used = nest.instances_used(level);
  }
  counts.compute_units_used = nest.instances_used(accelerator.depth());
  const Counter counter{nest, problem, accelerator, options};
  for (const Boundary& boundary : boundaries(mapping, accelerator)) {
    counter.count(boundary, counts);
  }
  return counts;
}

std::int64_t tile_words(const Mapping& mapping, const Problem& problem, Role role, int level, Footprint footprint) {
  const Nest nest(mapping, problem);
  std::int64_t words = 1;
  for (const Rank& rank : problem.tensor(role).ranks) {
    // The interior of the tensor: padding at a border does not make the memory smaller.
    Rank interior = rank;
    interior.offset = 0;
    std::vector<DimRange> ranges;
    for (const Term& term : rank.terms) {
      ranges.push_back({0, std::min(nest.extent(term.dim, nest.outside(level)), nest.size(term.dim))});
    }
    words *= touched(interior, ranges, footprint).size();
  }
  return words;
}

}  // namespace weft
