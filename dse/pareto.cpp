// Domination, fronts and the knee.
// SPDX-License-Identifier: Apache-2.0
#include "dse/pareto.hpp"

#include <algorithm>
#include <limits>
#include <numeric>

#include "base/error.hpp"

namespace weft {

bool dominates(const Objectives& a, const Objectives& b) {
  bool better = false;
  for (std::size_t i = 0; i < a.size(); ++i) {
    if (a[i] > b[i]) {
      return false;
    }
    better = better || a[i] < b[i];
  }
  return better;
}

namespace {

// Places of the points in lexical order: whoever dominates a point comes before it.
std::vector<std::size_t> lexical_order(const std::vector<Objectives>& points) {
  std::vector<std::size_t> order(points.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(),
                   [&](std::size_t a, std::size_t b) { return points[a] < points[b]; });
  return order;
}

}  // namespace

// In lexical order a point's rank is that of the first front without a dominator of it (Zhang et al., "An
// efficient approach to nondominated sorting", IEEE TEVC 2015).
std::vector<int> non_dominated_ranks(const std::vector<Objectives>& points) {
  std::vector<int> ranks(points.size(), -1);
  std::vector<std::vector<std::size_t>> fronts;
  for (const std::size_t i : lexical_order(points)) {
    std::size_t rank = 0;
    const auto beaten = [&](std::size_t j) { return dominates(points[j], points[i]); };
    // The latest members are the likeliest to dominate.
    while (rank < fronts.size() && std::any_of(fronts[rank].rbegin(), fronts[rank].rend(), beaten)) {
      ++rank;
    }
    if (rank == fronts.size()) {
      fronts.emplace_back();
    }
    fronts[rank].push_back(i);
    ranks[i] = static_cast<int>(rank);
  }
  return ranks;
}

std::vector<double> crowding(const std::vector<Objectives>& points, const std::vector<int>& ranks) {
  constexpr double kInfinite = std::numeric_limits<double>::infinity();
  std::vector<double> distance(points.size(), 0.0);
  const int last = ranks.empty() ? -1 : *std::max_element(ranks.begin(), ranks.end());
  for (int rank = 0; rank <= last; ++rank) {
    std::vector<std::size_t> members;
    for (std::size_t i = 0; i < points.size(); ++i) {
      if (ranks[i] == rank) {
        members.push_back(i);
      }
    }
    for (std::size_t objective = 0; objective < points.front().size(); ++objective) {
      std::stable_sort(members.begin(), members.end(), [&](std::size_t a, std::size_t b) {
        return points[a][objective] < points[b][objective];
      });
      const double range = points[members.back()][objective] - points[members.front()][objective];
      distance[members.front()] = kInfinite;
      distance[members.back()] = kInfinite;
      for (std::size_t i = 1; range > 0 && i + 1 < members.size(); ++i) {
        distance[members[i]] +=
            (points[members[i + 1]][objective] - points[members[i - 1]][objective]) / range;
      }
    }
  }
  return distance;
}

std::vector<std::size_t> pareto_front(const std::vector<Objectives>& points) {
  std::vector<std::size_t> front;
  for (const std::size_t i : lexical_order(points)) {
    const bool beaten = std::any_of(front.begin(), front.end(),
                                    [&](std::size_t other) { return dominates(points[other], points[i]); });
    if (!beaten) {
      front.push_back(i);
    }
  }
  std::sort(front.begin(), front.end());
  return front;
}

std::vector<double> ideal_distances(const std::vector<Objectives>& front) {
  std::vector<double> distances(front.size(), 0);
  for (std::size_t i = 0; !front.empty() && i < front.front().size(); ++i) {
    const auto by_objective = [i](const Objectives& a, const Objectives& b) { return a[i] < b[i]; };
    const auto [best, worst] = std::minmax_element(front.begin(), front.end(), by_objective);
    const double low = (*best)[i];
    const double range = (*worst)[i] - low;
    for (std::size_t member = 0; range > 0 && member < front.size(); ++member) {
      const double scaled = (front[member][i] - low) / range;
      distances[member] += scaled * scaled;
    }
  }
  return distances;
}

std::size_t knee_of(const std::vector<Objectives>& points, const std::vector<std::size_t>& front) {
  WEFT_ENSURE(!front.empty(), "an empty front has no knee");
  std::vector<Objectives> members;
  for (const std::size_t member : front) {
    members.push_back(points[member]);
  }
  const std::vector<double> distances = ideal_distances(members);
  const auto closest = std::min_element(distances.begin(), distances.end());
  return front[static_cast<std::size_t>(closest - distances.begin())];
}

}  // namespace weft
