// Evaluates genomes.
// SPDX-License-Identifier: Apache-2.0
#include "dse/evaluator.hpp"

#include <utility>

#include "base/checked.hpp"

namespace weft {

Evaluator::Evaluator(const DesignSpace& space)
    : space_(space), table_(EnergyTable::load(space.energy_table)) {
  setup_.search = space.mapper;
  setup_.table = &table_;
  setup_.request.objective = space.mapper_objective;
  setup_.request.seed = space.seed;
  setup_.request.max_evaluations = space.mapper_evaluations;
  setup_.request.max_nodes = space.mapper_nodes;
}

const Machine& Evaluator::machine(const Genome& genome) const {
  const Genome key(genome.begin() + static_cast<std::ptrdiff_t>(space_.network_genes()), genome.end());
  const std::scoped_lock lock(mutex_);
  std::shared_ptr<const Machine>& entry = machines_[key];
  if (entry == nullptr) {
    Accelerator accelerator = accelerator_of(space_, genome);
    accelerator.name = "design";
    accelerator.summary.clear();
    std::shared_ptr<const Machine>& same = by_text_[print_yaml(accelerator)];
    if (same == nullptr) {
      same = std::make_shared<const Machine>(accelerator_of(space_, genome), setup_);
    }
    entry = same;
  }
  return *entry;
}

bool Evaluator::machine_admissible(const Genome& genome) const {
  const Machine& made = machine(genome);
  return (!space_.max_area || made.area_um2() <= space_.max_area->count()) &&
         (!space_.max_units || made.accelerator().compute_units() <= *space_.max_units) &&
         (!space_.max_storage_bits || made.storage_bits() <= *space_.max_storage_bits);
}

bool Evaluator::network_admissible(const Genome& genome) const {
  return !space_.min_accuracy || space_.accuracy == nullptr ||
         space_.accuracy->percent(*space_.network, genome) >= *space_.min_accuracy;
}

StudyPoint Evaluator::fixed_figures(const Genome& genome, const Machine& machine) const {
  StudyPoint point;
  point.genome = genome;
  point.accuracy = space_.accuracy == nullptr ? 0 : space_.accuracy->percent(*space_.network, genome);
  point.area_um2 = machine.area_um2();
  return point;
}

void Evaluator::finish(StudyPoint& point, const BlockCost& total, const Machine& machine) const {
  point.cycles = total.cycles;
  point.latency_s = static_cast<double>(total.cycles) / machine.accelerator().clock.count();
  point.energy_pj = total.energy_pj;
  point.complete = total.complete;
  point.feasible = point.complete && (!space_.max_latency_s || point.latency_s <= *space_.max_latency_s) &&
                   (!space_.max_energy_pj || point.energy_pj <= *space_.max_energy_pj);
}

StudyPoint Evaluator::evaluate(const Genome& genome) const {
  const Machine& made = machine(genome);
  StudyPoint point = fixed_figures(genome, made);
  std::vector<std::uint64_t> keys;
  space_.network->blocks(genome, keys);
  BlockCost total;
  for (std::size_t i = 0; i < keys.size(); ++i) {
    const BlockCost cost = made.cost(keys[i], [&] { return space_.network->block(genome, i); });
    total.cycles = checked_add(total.cycles, cost.cycles);
    total.energy_pj += cost.energy_pj;
    total.complete = total.complete && cost.complete;
  }
  finish(point, total, made);
  return point;
}

Evaluator::Optimistic Evaluator::optimistic(const Genome& genome) const {
  const Machine& made = machine(genome);
  Optimistic result{fixed_figures(genome, made), true};
  std::vector<std::uint64_t> keys;
  space_.network->blocks(genome, keys);
  BlockCost total;
  for (std::size_t i = 0; i < keys.size(); ++i) {
    const auto [cost, known] = made.bound(keys[i], [&] { return space_.network->block(genome, i); });
    total.cycles = checked_add(total.cycles, cost.cycles);
    total.energy_pj += cost.energy_pj;
    total.complete = total.complete && cost.complete;
    result.known = result.known && known;
  }
  finish(result.point, total, made);
  return result;
}

NetworkResult Evaluator::map(const Genome& genome) const {
  return machine(genome).map_whole(network(genome));
}

std::int64_t Evaluator::layers_mapped() const {
  const std::scoped_lock lock(mutex_);
  std::int64_t sum = 0;
  for (const auto& [text, machine] : by_text_) {
    sum += machine->layers_mapped();
  }
  return sum;
}

}  // namespace weft
