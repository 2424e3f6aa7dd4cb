// SPDX-License-Identifier: Apache-2.0
#include "mapper/exact/incumbents.hpp"

#include <algorithm>

namespace weft::exact {

namespace {

// Equal costs are decided by the energy-delay product, as in every search.
bool better(double cost, double energy, std::int64_t cycles, const MapResult& known) {
  return cost < known.cost ||
         (cost == known.cost && energy * static_cast<double>(cycles) <
                                    known.energy.total * static_cast<double>(known.evaluation.timing.cycles));
}

}  // namespace

bool Incumbents::front_beats(const Bound& bound) const {
  return std::any_of(points_.begin(), points_.end(), [&](const MapResult& point) {
    return point.energy.total <= bound.energy_pj && point.evaluation.timing.cycles <= bound.cycles;
  });
}

void Incumbents::offer(Evaluation&& evaluation, EnergyReport&& energy,
                       const std::function<Mapping()>& mapping) {
  const std::int64_t cycles = evaluation.timing.cycles;
  const double cost =
      objective_value(request_->objective, energy.total, cycles, request_->accelerator->clock);
  if (front_) {
    if (front_beats({cycles, energy.total})) {
      return;
    }
    std::erase_if(points_, [&](const MapResult& point) {
      return energy.total <= point.energy.total && cycles <= point.evaluation.timing.cycles;
    });
  } else if (!points_.empty() && !better(cost, energy.total, cycles, points_.front())) {
    return;
  } else {
    points_.clear();
  }
  MapResult point;
  point.mapping = mapping();
  point.cost = cost;
  point.energy = std::move(energy);
  point.evaluation = std::move(evaluation);
  const auto after = std::find_if(points_.begin(), points_.end(), [&](const MapResult& known) {
    return known.evaluation.timing.cycles > cycles;
  });
  points_.insert(after, std::move(point));
}

}  // namespace weft::exact
