// Evaluates genomes, remembering accelerators and layers.
// SPDX-License-Identifier: Apache-2.0
#include "dse/evaluator.hpp"

#include <utility>

#include <fmt/format.h>

namespace weft {

namespace {

// Problems with equal text have equal costs (same_shape).
std::string text_of(const Problem& problem) {
  std::string text;
  for (const Dim& dim : problem.dims) {
    text += fmt::format("{}{},", dim.name, dim.size);
  }
  for (const TensorShape& tensor : problem.tensors) {
    text += fmt::format("/{}b{}", tensor.bits, tensor.density);
    for (const Rank& rank : tensor.ranks) {
      text += fmt::format(":{}+{}", rank.offset, rank.extent);
      for (const Term& term : rank.terms) {
        text += fmt::format(",{}*{}", term.coeff, term.dim);
      }
    }
  }
  return text;
}

}  // namespace

struct Evaluator::Hardware {
  int id = 0;
  Accelerator accelerator;
  double area_um2 = 0;
};

// Results by accelerator and shape. Searches are pure functions, so two threads that solve the same layer at
// the same time store the same result.
class Evaluator::LayerCache {
 public:
  MapResult solve(int hardware, const Search& search, const MapRequest& request) {
    const std::pair<int, std::string> key(hardware, text_of(*request.problem));
    {
      const std::scoped_lock lock(mutex_);
      if (const auto found = results_.find(key); found != results_.end()) {
        return found->second;
      }
    }
    MapResult result = search(request);
    const std::scoped_lock lock(mutex_);
    if (results_.size() >= kMost) {
      results_.clear();
    }
    results_.emplace(key, result);
    return result;
  }

 private:
  static constexpr std::size_t kMost = 20000;  // about 4 KB each
  std::mutex mutex_;
  std::map<std::pair<int, std::string>, MapResult> results_;
};

Evaluator::Evaluator(const DesignSpace& space)
    : space_(space), table_(EnergyTable::load(space.energy_table)), layers_(std::make_unique<LayerCache>()) {
  for (std::size_t i = 0; i < space.networks.size(); ++i) {
    networks_.push_back(network_of(space, {static_cast<int>(i)}));
  }
}

Evaluator::~Evaluator() = default;

const Evaluator::Hardware& Evaluator::hardware(const Genome& genome) const {
  const Genome key(genome.begin() + 1, genome.end());
  const std::scoped_lock lock(mutex_);
  std::unique_ptr<const Hardware>& entry = hardware_[key];
  if (entry == nullptr) {
    auto made = std::make_unique<Hardware>();
    made->id = static_cast<int>(hardware_.size());
    made->accelerator = accelerator_of(space_, genome);
    made->area_um2 = area(made->accelerator, table_).total;
    entry = std::move(made);
  }
  return *entry;
}

bool Evaluator::admissible(const Genome& genome) const {
  return !space_.max_area || hardware(genome).area_um2 <= space_.max_area->count();
}

const Accelerator& Evaluator::accelerator(const Genome& genome) const {
  return hardware(genome).accelerator;
}

const Network& Evaluator::network(const Genome& genome) const {
  return networks_.at(static_cast<std::size_t>(genome.at(0)));
}

NetworkResult Evaluator::map(const Genome& genome) const {
  const Hardware& machine = hardware(genome);
  const Search& search = searches().at(space_.mapper);
  NetworkRequest request;
  request.network = &network(genome);
  request.layer.accelerator = &machine.accelerator;
  request.layer.table = &table_;
  request.layer.objective = space_.mapper_objective;
  request.layer.seed = space_.seed;
  request.layer.max_evaluations = space_.mapper_evaluations;
  request.solve = [&](const MapRequest& layer) { return layers_->solve(machine.id, search, layer); };
  return map_network(request);
}

StudyPoint Evaluator::evaluate(const Genome& genome) const {
  const Hardware& machine = hardware(genome);
  const NetworkResult result = map(genome);
  StudyPoint point;
  point.genome = genome;
  point.accuracy = space_.networks.at(static_cast<std::size_t>(genome.at(0))).accuracy;
  point.cycles = result.cycles;
  point.latency_s = static_cast<double>(result.cycles) / machine.accelerator.clock.count();
  point.energy_pj = result.energy_pj;
  point.area_um2 = machine.area_um2;
  point.complete = result.complete;
  return point;
}

}  // namespace weft
