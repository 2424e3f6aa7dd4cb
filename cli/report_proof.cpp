// What is known about how good mappings are: proofs, bounds and the work of the exact search.
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "cli/report.hpp"
#include "mapper/vector_work.hpp"

namespace weft::cli {

namespace {

// The array's work by a bound on its objective (`cost`) and one on its energy and cycles (`array`), with
// vector work added. E T^(k-1) grows by (E + v) (T + s)^(k-1) - E T^(k-1), which is no less than at the
// bounds of energy and cycles.
double with_vector(double cost, const Bound& array, const VectorWork& vector, const Setup& setup) {
  const double vector_pj = vector.fused.energy_pj + vector.standalone.energy_pj;
  const Hertz clock = setup.accelerator.clock;
  const double before = objective_value(setup.objective, array.energy_pj, array.cycles, clock);
  const double after = objective_value(setup.objective, array.energy_pj + vector_pj,
                                       array.cycles + vector.standalone.cycles, clock);
  const double hidden =  // cycles of fused work that the array's may be less than
      objective_value(setup.objective, array.energy_pj + vector_pj,
                      std::max(array.cycles, vector.fused.cycles) + vector.standalone.cycles, clock);
  return std::max(cost + (after - before), hidden);
}

}  // namespace

void fill_bound(LayerReport& layer, const Setup& setup, const Layer& source, const MapResult& map) {
  MapRequest request = setup.request();
  request.problem = &*source.problem;
  layer.proof = Proof{map.cost, map.lower_bound, map.gap, map.certificate};
  layer.bound_cost = with_vector(map.lower_bound, lower_bound(request),
                                 vector_work(source, setup.accelerator, setup.table), setup);
  const double cost =
      objective_value(setup.objective, layer.energy_pj, layer.cycles, setup.accelerator.clock);
  layer.bound_cost = std::min(layer.bound_cost, cost);  // sums in another order may round above it
  layer.gap = cost > 0 ? 1 - layer.bound_cost / cost : 0;
}

Effort effort_of(const Setup& setup, const NetworkResult& result) {
  Effort effort;
  std::vector<const Problem*> seen;
  for (const LayerResult& layer : result.layers) {
    if (!layer.map) {
      continue;
    }
    const Certificate& certificate = layer.map->certificate;
    const Problem& problem = *setup.network.layers[static_cast<std::size_t>(layer.layer)].problem;
    ++effort.layers;
    const bool proven = !certificate.space.empty() && layer.map->gap <= 0;
    effort.proven += proven ? 1 : 0;
    effort.outside += proven && certificate.outside ? 1 : 0;
    effort.space = effort.space.empty() ? certificate.space : effort.space;
    if (std::none_of(seen.begin(), seen.end(),
                     [&](const Problem* other) { return same_shape(*other, problem); })) {
      seen.push_back(&problem);
      effort.nodes += certificate.nodes;
      effort.priced += layer.map->evaluated;
    }
  }
  effort.searched = static_cast<std::int64_t>(seen.size());
  return effort;
}

}  // namespace weft::cli
