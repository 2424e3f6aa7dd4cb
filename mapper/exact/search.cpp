// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <limits>
#include <optional>

#include "mapper/conform.hpp"
#include "mapper/exact/branch_and_bound.hpp"
#include "mapper/exact/exact.hpp"
#include "mapper/stretch.hpp"
#include "mapper/viewed_request.hpp"

namespace weft::exact {

namespace {

constexpr const char* kSpace =
    "even mappings: temporal bounds divide, spatial bounds may leave a last round partly idle, and what they "
    "leave may all be innermost; all orders, axes and bypasses";

struct Searched {
  MapResult counts;
  double open = 0;
  bool covered = false;
};

Searched search_space(const MapRequest& request, const MapSpace& space, const Options& options,
                      Incumbents& incumbents) {
  if (states_sieves(*request.accelerator)) {
    return {};  // what words cost depends on the loops that they lie still for
  }
  DimArray whole;
  whole.fill(1);
  for (int dim = 0; dim < space.dims(); ++dim) {
    whole[static_cast<std::size_t>(dim)] = request.problem->size(dim);
  }
  if (!space.fits(0, space.level(0).can_keep, whole)) {
    return {
        {}, std::numeric_limits<double>::infinity(), true};  // no mapping makes the outermost level larger
  }
  const AxesAlike alike = options.rules.axes ? axes_alike(space) : AxesAlike{};
  std::optional<std::vector<Part>> parts =
      make_parts(space, options.rules.innermost && request.constraints == nullptr, alike);
  if (!parts) {
    return {};
  }
  leave_out_misfits(space, alike, *parts);
  BranchAndBound search(request, options, space, alike, std::move(*parts), incumbents);
  search.run();
  Searched result{search.counts(), search.open(), true};
  result.counts.certificate.space = kSpace;
  return result;
}

MapResult constructive(const MapRequest& request, std::int64_t evaluations) {
  MapRequest quick = request;
  quick.max_evaluations = std::min(evaluations, request.max_evaluations);
  return searches().at("constructive")(quick);
}

// Takes over a mapping from outside the even space if it is better.
void polish(const MapRequest& request, std::int64_t evaluations, MapResult& result) {
  MapRequest more = request;
  more.start = result.mapping;
  more.max_evaluations = std::min(evaluations, request.max_evaluations);
  MapResult polished = stretch(more);
  if (polished.mapping && polished.cost < result.cost) {
    result.mapping = std::move(polished.mapping);
    result.cost = polished.cost;
    result.energy = std::move(polished.energy);
    result.evaluation = std::move(polished.evaluation);
  }
}

}  // namespace

MapResult solve(const MapRequest& given, const Options& options) {
  const ViewedRequest viewed(given);
  const MapRequest& request = *viewed;
  Incumbents incumbents(request, false);
  MapResult first;
  if (options.seed_evaluations > 0) {
    first = constructive(request, options.seed_evaluations);
    if (first.mapping) {
      incumbents.offer(Evaluation(first.evaluation), EnergyReport(first.energy),
                       [&] { return *first.mapping; });
    }
  }
  const MapSpace space(*request.problem, *request.accelerator, request.constraints);
  Searched searched = search_space(request, space, options, incumbents);
  if (!searched.covered) {
    return constructive(request, request.max_evaluations);
  }
  MapResult result = std::move(searched.counts);
  if (incumbents.empty()) {
    return result;
  }
  MapResult& best = incumbents.points().front();
  result.mapping = std::move(best.mapping);
  result.cost = best.cost;
  result.energy = std::move(best.energy);
  result.evaluation = std::move(best.evaluation);
  if (options.polish_evaluations > 0) {
    polish(request, options.polish_evaluations, result);
  }
  result.certificate.outside = !is_even(plan_of(*result.mapping, space), space);
  result.lower_bound = std::min(result.cost, searched.open);
  result.gap = result.cost > 0 ? 1 - result.lower_bound / result.cost : 0;
  return result;
}

Front front(const MapRequest& given, const Options& options) {
  const ViewedRequest viewed(given);
  const MapRequest& request = *viewed;
  Incumbents incumbents(request, true);
  for (const Objective objective : {Objective::kEnergy, Objective::kEdp, Objective::kLatency}) {
    MapRequest end = request;
    end.objective = objective;
    MapResult best = solve(end, options);
    if (best.mapping) {
      incumbents.offer(std::move(best.evaluation), std::move(best.energy), [&] { return *best.mapping; });
    }
  }
  const MapSpace space(*request.problem, *request.accelerator, request.constraints);
  Searched searched = search_space(request, space, options, incumbents);
  Front result;
  result.points = std::move(incumbents.points());
  result.certificate = searched.counts.certificate;
  result.proven = searched.covered && searched.open == std::numeric_limits<double>::infinity();
  return result;
}

}  // namespace weft::exact
