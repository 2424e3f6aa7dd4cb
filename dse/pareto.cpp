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

std::size_t knee_of(const std::vector<Objectives>& points, const std::vector<std::size_t>& front) {
  WEFT_ENSURE(!front.empty(), "an empty front has no knee");
  Objectives best = points[front.front()];
  Objectives worst = best;
  for (const std::size_t member : front) {
    for (std::size_t i = 0; i < best.size(); ++i) {
      best[i] = std::min(best[i], points[member][i]);
      worst[i] = std::max(worst[i], points[member][i]);
    }
  }
  std::size_t knee = front.front();
  double closest = std::numeric_limits<double>::infinity();
  for (const std::size_t member : front) {
    double squared = 0;
    for (std::size_t i = 0; i < best.size(); ++i) {
      const double range = worst[i] - best[i];
      const double scaled = range > 0 ? (points[member][i] - best[i]) / range : 0;
      squared += scaled * scaled;
    }
    if (squared < closest) {
      closest = squared;
      knee = member;
    }
  }
  return knee;
}

}  // namespace weft
