// Objectives and fronts of designs.
// SPDX-License-Identifier: Apache-2.0
#include "dse/study_front.hpp"

#include <algorithm>
#include <tuple>

#include "base/error.hpp"

namespace weft {

namespace {

double value_of(Metric metric, const StudyPoint& point) {
  switch (metric) {
    case Metric::kAccuracy:
      return -point.accuracy;
    case Metric::kLatency:
      return point.latency_s;
    case Metric::kEnergy:
      return point.energy_pj;
    case Metric::kArea:
      return point.area_um2;
    case Metric::kEdp:
      return point.energy_pj * point.latency_s;
  }
  WEFT_ENSURE(false, "not a metric");
}

}  // namespace

Objectives objectives_of(const DesignSpace& space, const StudyPoint& point) {
  Objectives objectives;
  for (const Metric metric : space.objectives) {
    objectives.push_back(value_of(metric, point));
  }
  return objectives;
}

std::vector<std::size_t> feasible_front(const DesignSpace& space, const std::vector<StudyPoint>& points) {
  std::vector<std::size_t> feasible;
  std::vector<Objectives> objectives;
  for (std::size_t i = 0; i < points.size(); ++i) {
    if (points[i].feasible) {
      feasible.push_back(i);
      objectives.push_back(objectives_of(space, points[i]));
    }
  }
  std::vector<std::size_t> front;
  for (const std::size_t member : pareto_front(objectives)) {
    front.push_back(feasible[member]);
  }
  const auto order = [&](std::size_t i) {
    return std::make_tuple(-points[i].accuracy, points[i].latency_s, points[i].energy_pj, points[i].id);
  };
  std::sort(front.begin(), front.end(), [&](std::size_t a, std::size_t b) { return order(a) < order(b); });
  return front;
}

std::optional<std::size_t> knee_of_front(const DesignSpace& space, const std::vector<StudyPoint>& points,
                                         const std::vector<std::size_t>& front) {
  if (front.empty()) {
    return std::nullopt;
  }
  std::vector<Objectives> objectives;
  std::vector<std::size_t> all;
  for (const std::size_t member : front) {
    all.push_back(objectives.size());
    objectives.push_back(objectives_of(space, points[member]));
  }
  return front[knee_of(objectives, all)];
}

const std::string& figure_name(Metric metric) {
  static const std::vector<std::string> names = {"accuracy_percent", "latency_s", "energy_pj", "area_um2",
                                                 "edp_js"};
  return names[static_cast<std::size_t>(metric)];
}

double figure_value(Metric metric, const StudyPoint& point) {
  constexpr double kJoulesPerPicojoule = 1e-12;
  const double value = value_of(metric, point);
  return metric == Metric::kAccuracy ? -value : metric == Metric::kEdp ? value * kJoulesPerPicojoule : value;
}

}  // namespace weft
