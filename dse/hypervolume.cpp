// Slices dominated volumes.
// SPDX-License-Identifier: Apache-2.0
#include "dse/hypervolume.hpp"

#include <algorithm>

namespace weft {

namespace {

// Of two objectives: a staircase.
double area(std::vector<Objectives>& points, const Objectives& reference) {
  std::sort(points.begin(), points.end());
  double sum = 0;
  double height = reference[1];
  for (const Objectives& point : points) {
    if (point[1] < height) {
      sum += (reference[0] - point[0]) * (height - point[1]);
      height = point[1];
    }
  }
  return sum;
}

// Of the first `objectives` coordinates of the points.
double volume(std::vector<Objectives> points, const Objectives& reference, std::size_t objectives) {
  if (points.empty()) {
    return 0;
  }
  if (objectives == 1) {
    return reference[0] - (*std::min_element(points.begin(), points.end()))[0];
  }
  if (objectives == 2) {
    return area(points, reference);
  }
  const std::size_t last = objectives - 1;
  std::sort(points.begin(), points.end(),
            [&](const Objectives& a, const Objectives& b) { return a[last] < b[last]; });
  double sum = 0;
  std::vector<Objectives> below;  // of the slice: not dominated in the other objectives
  for (std::size_t i = 0; i < points.size(); ++i) {
    Objectives cut(points[i].begin(), points[i].begin() + static_cast<std::ptrdiff_t>(last));
    const bool covered = std::any_of(below.begin(), below.end(), [&](const Objectives& other) {
      return other == cut || dominates(other, cut);
    });
    if (!covered) {
      std::erase_if(below, [&](const Objectives& other) { return dominates(cut, other); });
      below.push_back(std::move(cut));
    }
    const double next = i + 1 < points.size() ? points[i + 1][last] : reference[last];
    if (next > points[i][last]) {
      sum += (next - points[i][last]) * volume(below, reference, last);
    }
  }
  return sum;
}

}  // namespace

double hypervolume(std::vector<Objectives> points, const Objectives& reference) {
  std::erase_if(points, [&](const Objectives& point) {
    for (std::size_t i = 0; i < reference.size(); ++i) {
      if (!(point[i] < reference[i])) {
        return true;
      }
    }
    return false;
  });
  return volume(std::move(points), reference, reference.size());
}

}  // namespace weft
