// Domination, fronts and the knee, for objectives that are all minimised.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <vector>

namespace weft {

using Objectives = std::vector<double>;  // smaller is better

// At least as good in all, better in one.
[[nodiscard]] bool dominates(const Objectives& a, const Objectives& b);

// Rank of every point: 0 for the front, 1 for the front of the rest, and so on.
[[nodiscard]] std::vector<int> non_dominated_ranks(const std::vector<Objectives>& points);

// Crowding distance within each rank (Deb et al., "A fast and elitist multiobjective genetic algorithm:
// NSGA-II", IEEE TEVC 2002): the larger, the lonelier; infinite at the ends of a rank.
[[nodiscard]] std::vector<double> crowding(const std::vector<Objectives>& points,
                                           const std::vector<int>& ranks);

// Indices of the points that no other dominates.
[[nodiscard]] std::vector<std::size_t> pareto_front(const std::vector<Objectives>& points);

// Of each member of a front the squared Euclidean distance to the ideal point, each objective scaled so that
// the best of the front is 0 and the worst 1.
[[nodiscard]] std::vector<double> ideal_distances(const std::vector<Objectives>& front);

// The knee: the point of the front closest (Euclidean) to the ideal point, each objective scaled so that the
// best of the front is 0 and the worst 1. Ties: the earlier. Precondition: `front` is not empty.
[[nodiscard]] std::size_t knee_of(const std::vector<Objectives>& points,
                                  const std::vector<std::size_t>& front);

}  // namespace weft
