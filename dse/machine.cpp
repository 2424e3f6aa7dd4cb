// Maps blocks and remembers what they cost.
// SPDX-License-Identifier: Apache-2.0
#include "dse/machine.hpp"

#include <algorithm>
#include <mutex>

#include <fmt/format.h>

#include "base/checked.hpp"
#include "mapper/vector_work.hpp"

namespace weft {

namespace {

double storage_of(const Accelerator& accelerator) {
  double bits = 0;
  for (int level = 0; level < accelerator.depth(); ++level) {
    for (const Memory& memory : accelerator.levels[static_cast<std::size_t>(level)].memories) {
      const bool on_chip = memory.kind != MemoryKind::kDram && memory.capacity;
      bits += on_chip ? static_cast<double>(memory.capacity->count()) *
                            static_cast<double>(accelerator.instances(level))
                      : 0;
    }
  }
  return bits;
}

}  // namespace

std::string text_of(const Problem& problem) {
  std::string text;
  for (const Dim& dim : problem.dims) {
    text += fmt::format("{}{},", dim.name, dim.size);
  }
  for (const TensorShape& tensor : problem.tensors) {
    text += fmt::format("/{}b{}", tensor.bits, to_text({tensor.density, tensor.model}));
    for (const Rank& rank : tensor.ranks) {
      text += fmt::format(":{}+{}", rank.offset, rank.extent);
      for (const Term& term : rank.terms) {
        text += fmt::format(",{}*{}", term.coeff, term.dim);
      }
    }
  }
  return text;
}

Machine::Machine(Accelerator accelerator, const MachineSetup& setup)
    : accelerator_(std::move(accelerator)), setup_(setup) {
  setup_.request.accelerator = &accelerator_;
  setup_.request.table = setup.table;
  area_um2_ = area(accelerator_, *setup.table).total;
  storage_bits_ = storage_of(accelerator_);
}

// Entries are never changed or removed, and the elements of an unordered_map stay where they are.
const BlockCost* Machine::find(const Table& table, std::uint64_t key) const {
  const std::shared_lock lock(mutex_);
  const auto found = table.find(key);
  return found == table.end() ? nullptr : &found->second;
}

BlockCost Machine::store(Table& table, std::uint64_t key, const BlockCost& cost) const {
  const std::unique_lock lock(mutex_);
  return table.emplace(key, cost).first->second;
}

MapRequest Machine::request_for(const Problem& problem) const {
  MapRequest request = setup_.request;
  request.problem = &problem;
  return request;
}

BlockCost Machine::array_cost(const Problem& problem) const {
  const std::string key = text_of(problem);
  {
    const std::shared_lock lock(mutex_);
    if (const auto found = shapes_.find(key); found != shapes_.end()) {
      return found->second;
    }
  }
  const MapResult result = searches().at(setup_.search)(request_for(problem));
  BlockCost cost;
  cost.complete = result.mapping.has_value();
  cost.cycles = cost.complete ? result.evaluation.timing.cycles : 0;
  cost.energy_pj = cost.complete ? result.energy.total : 0;
  const std::unique_lock lock(mutex_);
  const auto [entry, added] = shapes_.emplace(key, cost);
  layers_mapped_ += added ? 1 : 0;
  return entry->second;
}

namespace {

// Adds a layer: fused vector work overlaps the array, standalone work follows it (as map_network does).
void add_layer(BlockCost& total, const Layer& layer, const BlockCost& array, const VectorWork& work) {
  const std::int64_t cycles = std::max(array.cycles, work.fused.cycles) + work.standalone.cycles;
  total.cycles = checked_add(total.cycles, checked_mul(cycles, layer.repeat));
  total.energy_pj += (array.energy_pj + work.fused.energy_pj + work.standalone.energy_pj) *
                     static_cast<double>(layer.repeat);
  total.complete = total.complete && array.complete;
}

}  // namespace

BlockCost Machine::map(const Network& block) const {
  BlockCost total;
  for (const Layer& layer : block.layers) {
    const BlockCost array = layer.problem ? array_cost(*layer.problem) : BlockCost{};
    add_layer(total, layer, array, vector_work(layer, accelerator_, *setup_.table));
  }
  return total;
}

BlockCost Machine::bound(const Network& block) const {
  BlockCost total;
  for (const Layer& layer : block.layers) {
    BlockCost array;
    if (layer.problem) {
      const std::string key = text_of(*layer.problem);
      const std::unique_lock lock(mutex_);
      if (const auto exact = shapes_.find(key); exact != shapes_.end()) {
        array = exact->second;
      } else if (const auto known = shape_bounds_.find(key); known != shape_bounds_.end()) {
        array = known->second;
      } else {
        const Bound least = lower_bound(request_for(*layer.problem));
        array = {least.cycles, least.energy_pj, true};
        shape_bounds_.emplace(key, array);
      }
    }
    add_layer(total, layer, array, vector_work(layer, accelerator_, *setup_.table));
  }
  return total;
}

NetworkResult Machine::map_whole(const Network& network) const {
  NetworkRequest request;
  request.network = &network;
  request.layer = setup_.request;
  request.search = setup_.search;
  return map_network(request);
}

}  // namespace weft
