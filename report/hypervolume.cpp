// Hypervolume by sampling: a sample is dominated from the first design on that is no worse in any objective.
// SPDX-License-Identifier: Apache-2.0
#include "report/hypervolume.hpp"

#include <algorithm>

#include "base/rng.hpp"

namespace weft::report {
namespace {

using Point = std::vector<double>;

bool no_worse(const Point& a, const Point& b) {
  return std::equal(a.begin(), a.end(), b.begin(), [](double x, double y) { return x <= y; });
}

std::vector<Point> sample_points(std::size_t dimensions, std::size_t samples, std::uint64_t seed) {
  Rng rng(seed);
  std::vector<Point> result(samples, Point(dimensions));
  for (Point& point : result) {
    for (double& value : point) {
      value = rng.unit();
    }
  }
  return result;
}

std::size_t dimensions_of(const std::vector<Point>& points) {
  const auto found = std::find_if(points.begin(), points.end(), [](const Point& p) { return !p.empty(); });
  return found == points.end() ? 0 : found->size();
}

}  // namespace

std::vector<FrontStep> progress_of(const std::vector<Point>& points, std::size_t samples,
                                   std::uint64_t seed) {
  std::vector<Point> open = sample_points(dimensions_of(points), samples, seed);
  std::vector<Point> front;
  std::vector<FrontStep> curve;
  const auto share = [&] {
    return samples == 0 ? 0.0 : 1 - static_cast<double>(open.size()) / static_cast<double>(samples);
  };
  for (std::size_t i = 0; i < points.size(); ++i) {
    const Point& point = points[i];
    const bool beaten =
        point.empty() || std::any_of(front.begin(), front.end(),
                                     [&point](const Point& other) { return no_worse(other, point); });
    if (beaten) {
      continue;
    }
    std::erase_if(front, [&point](const Point& other) { return no_worse(point, other); });
    front.push_back(point);
    std::erase_if(open, [&point](const Point& sample) { return no_worse(point, sample); });
    curve.push_back({i + 1, share(), front.size()});
  }
  if (!points.empty() && (curve.empty() || curve.back().evaluations != points.size())) {
    curve.push_back({points.size(), share(), front.size()});
  }
  return curve;
}

}  // namespace weft::report
