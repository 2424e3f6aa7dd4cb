// Counts times costs, in a fixed order.
// SPDX-License-Identifier: Apache-2.0
#include "energy_model/energy.hpp"

#include <cstddef>

#include "base/checked.hpp"
#include "base/error.hpp"

namespace weft {
namespace {

// Words as accesses of whole blocks, rounded up in each instance.
double accesses(std::int64_t words, std::int64_t block, std::int64_t instances) {
  return static_cast<double>(ceil_div(words, checked_mul(block, instances))) * static_cast<double>(instances);
}

double memory_energy(const TensorCounts& counts, const Shares& shares, const MemoryCosts& memory,
                     std::size_t role, std::int64_t instances) {
  const std::int64_t block = memory.block_words[role];
  const AccessCosts costs = access_costs(memory, shares);
  return accesses(counts.reads, block, instances) * costs.read +
         accesses(counts.fills, block, instances) * costs.write +
         accesses(counts.updates, block, instances) * costs.update +
         accesses(counts.drains, block, instances) * costs.drain;
}

// The fan-outs from `level` down to the next level that keeps the tensor.
double network_energy(const ActionCounts& counts, const CostModel& costs, std::size_t level,
                      std::size_t role) {
  const NetworkCounts& words = counts.levels[level].network[role];
  const double sent = counts.levels[level].shares[role].sent;
  double per_word = 0;
  double per_send = 0;
  for (std::size_t l = level; l < counts.levels.size(); ++l) {
    per_word += costs.network_per_word[l][role];
    per_send += costs.network_per_send[l][role];
    if (l + 1 < counts.levels.size() && counts.levels[l + 1].tensors[role] != TensorCounts{}) {
      break;
    }
  }
  return ((static_cast<double>(words.delivered) + static_cast<double>(words.read_back)) * per_word +
          static_cast<double>(words.sent) * per_send) *
         sent;
}

// pJ per cycle over all instances of a level that are not switched off.
double level_leak(const StorageLevel& level, const std::vector<MemoryCosts>& costs, std::int64_t instances,
                  std::int64_t used) {
  double leak = 0;
  for (std::size_t m = 0; m < costs.size(); ++m) {
    const bool gated = level.memories[m].power_gating == PowerGating::kUnused;
    leak += costs[m].leak * static_cast<double>(gated ? used : instances);
  }
  return leak;
}

}  // namespace

double mac_energy(std::int64_t macs, std::int64_t gated, std::int64_t skipped, const CostModel& costs) {
  return static_cast<double>(macs - gated - skipped) * costs.mac +
         static_cast<double>(gated) * costs.gated_mac;
}

double mac_energy(const Problem& problem, const Accelerator& accelerator, const CostModel& costs) {
  const auto& effect = accelerator.effect;
  return mac_energy(macs(problem), effect ? effect->gated : 0, effect ? effect->skipped : 0, costs);
}

EnergyReport energy(const ActionCounts& counts, const Accelerator& accelerator, const CostModel& costs,
                    std::int64_t cycles) {
  const std::size_t depth = accelerator.levels.size();
  WEFT_ENSURE(counts.levels.size() == depth && costs.memories.size() == depth,
              "counts and costs must be of this accelerator");
  EnergyReport report;
  report.levels.resize(depth);
  for (std::size_t l = 0; l < depth; ++l) {
    EnergyReport::Level& level = report.levels[l];
    for (const Role role : kAllRoles) {
      const auto r = static_cast<std::size_t>(index_of(role));
      const int memory = accelerator.levels[l].memory_index(role);
      if (memory >= 0) {
        level.tensors[r] = memory_energy(counts.levels[l].tensors[r], counts.levels[l].shares[r],
                                         costs.memories[l][static_cast<std::size_t>(memory)], r,
                                         counts.levels[l].instances_used);
      }
      level.network[r] = network_energy(counts, costs, l, r);
      report.total += level.tensors[r] + level.network[r];
    }
    level.leak = level_leak(accelerator.levels[l], costs.memories[l],
                            accelerator.instances(static_cast<int>(l)), counts.levels[l].instances_used) *
                 static_cast<double>(cycles);
    report.total += level.leak;
  }
  report.compute = mac_energy(counts.macs, counts.gated, counts.skipped, costs);
  report.compute_leak =
      costs.compute_leak * static_cast<double>(accelerator.compute_units()) * static_cast<double>(cycles);
  report.total += report.compute + report.compute_leak;
  return report;
}

}  // namespace weft
