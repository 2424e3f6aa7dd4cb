// Closed-form counts of a mapping: see transfers.hpp for why they are exact.
// SPDX-License-Identifier: Apache-2.0
#include "dataflow/counts.hpp"

#include <algorithm>

#include "dataflow/assess.hpp"
#include "dataflow/flow.hpp"
#include "dataflow/mapping_effect.hpp"
#include "dataflow/rank_sets.hpp"

namespace weft {

namespace {

void count(const FlowWords& flow, int depth, FirstFill first_fill, ActionCounts& counts) {
  const Boundary& boundary = flow.boundary;
  const auto role = static_cast<std::size_t>(index_of(boundary.role));
  LevelCounts& parent = counts.levels[static_cast<std::size_t>(boundary.parent)];
  TensorCounts& above = parent.tensors[role];
  NetworkCounts& network = parent.network[role];
  network.sent = flow.total(Scope::kParents);
  network.delivered = flow.total(Scope::kReceivers);
  TensorCounts below;
  if (boundary.role == Role::kOutputs) {
    network.read_back = flow.again(Scope::kReceivers);
    above.updates = network.sent;
    above.reads = flow.again(Scope::kParents);
    below = {.fills = first_fill == FirstFill::kCounted ? network.delivered : network.read_back,
             .drains = network.delivered};
  } else {
    above.reads = network.sent;
    below = {.fills = network.delivered};
  }
  if (boundary.child < depth) {
    TensorCounts& child = counts.levels[static_cast<std::size_t>(boundary.child)].tensors[role];
    child.fills = below.fills;
    child.drains = below.drains;
  }
}

}  // namespace

Shares expected_shares(const Accelerator& accelerator, int level, Role role) {
  if (!accelerator.effect) {
    return {};
  }
  const SparseEffect::Level& effect = accelerator.effect->levels[static_cast<std::size_t>(level)];
  const auto r = static_cast<std::size_t>(index_of(role));
  return {.stored = effect.stored[r],
          .accesses = effect.accesses[r],
          .sent = effect.sent[r],
          .arriving = effect.arriving[r]};
}

ActionCounts count_actions(const Problem& problem, const Accelerator& accelerator, FirstFill first_fill,
                           std::span<const FlowWords> flows, const MachineUse& use) {
  ActionCounts counts;
  counts.macs = macs(problem);
  counts.levels.resize(accelerator.levels.size());
  for (std::size_t level = 0; level < counts.levels.size(); ++level) {
    counts.levels[level].instances_used = use.instances[level];
  }
  if (accelerator.effect) {
    counts.gated = accelerator.effect->gated;
    counts.skipped = accelerator.effect->skipped;
    for (std::size_t level = 0; level < counts.levels.size(); ++level) {
      for (const Role role : kAllRoles) {
        counts.levels[level].shares[static_cast<std::size_t>(index_of(role))] =
            expected_shares(accelerator, static_cast<int>(level), role);
      }
    }
  }
  counts.compute_units_used = use.instances.back();
  for (const FlowWords& flow : flows) {
    count(flow, accelerator.depth(), first_fill, counts);
  }
  return counts;
}

ActionCounts count_actions(const Mapping& mapping, const Problem& problem, const Accelerator& accelerator,
                           const CountOptions& options) {
  const Nest nest(mapping, problem);
  GroupMemo memo;
  const Small<FlowWords, 9> flows = flow_words(nest, mapping, problem, accelerator, options, memo);
  const MappedMachine machine(nest, mapping, problem, accelerator);
  return count_actions(problem, *machine, options.first_fill, {flows.data(), flows.size()},
                       machine_use(nest, mapping, accelerator));
}

std::int64_t tile_words(const Mapping& mapping, const Problem& problem, Role role, int level,
                        Footprint footprint) {
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
