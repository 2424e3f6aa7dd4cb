// The even space, dim by dim: every way to split one dim over the levels and fan-outs of a machine.
//
// Read from the innermost loop outwards, a temporal bound divides what is left of the dim; a spatial bound
// need not (7 columns for 12 rows leave 2 rounds), but is the smallest that leaves its number of rounds. What
// remains is the loop of the outermost level. Where that is all that the fan-outs leave of the dim, it may as
// well be the loop of the innermost one (14 columns of 37 filters for 512).
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include <boost/container/static_vector.hpp>

#include "dataflow/boundary.hpp"
#include "mapper/map_space.hpp"

namespace weft::exact {

inline constexpr int kMaxDepth = 6;
using PerLevel = std::array<std::int64_t, kMaxDepth>;

// Bounds of one dim's loops at each level (spatial ones: of the fan-out below it); 1: no loop.
struct Chain {
  PerLevel time{}, x{}, y{};
  bool operator==(const Chain&) const = default;
};

inline constexpr std::size_t kPartDims = 2;  // at most
// One way to split the dims of a part.
using Split = boost::container::static_vector<Chain, kPartDims>;

// One loop of a chain, with the stride of mixed radix.
struct ChainLoop {
  std::int64_t bound = 1, stride = 1;
  int level = 0;
  bool spatial = false;
};

// By level: are the axes of the fan-out below it alike (axes.hpp)?
using AxesAlike = std::array<bool, kMaxDepth>;
// All chains of a dim, of those that differ only in axes that are alike one; `limit`: give up (empty result)
// beyond that many.
[[nodiscard]] std::vector<Chain> chains(const MapSpace& space, int dim, std::size_t limit,
                                        const AxesAlike& alike);
// What the loops further in than the fan-out below `level` leave of the dim.
[[nodiscard]] std::int64_t left_at(const Chain& chain, int level, int depth, std::int64_t size);
// Bounds of loops along both axes of that fan-out.
struct Spread {
  std::int64_t x = 1, y = 1;
};
// All of the even space, when so much of the dim is left.
[[nodiscard]] std::vector<Spread> spreads(const MapSpace::Level& level, int dim, std::int64_t left);
// Of them, those over so many instances.
[[nodiscard]] std::vector<Spread> spreads(const MapSpace::Level& level, int dim, std::int64_t left,
                                          std::int64_t instances);

// Of a dim.
using Indices = std::vector<std::int64_t>;

using Loops = boost::container::static_vector<ChainLoop, std::size_t{3} * kMaxDepth>;

// May a loop over the dim stand at the fan-out below the level?
[[nodiscard]] bool may_spread(const MapSpace& space, int level, int dim);
// How the instances along a dim's spatial loops combine: [level], where there may be any outside the child.
using Gathers = std::array<Gather, kMaxDepth>;
[[nodiscard]] Gathers gathers(const MapSpace& space, int dim, const Boundary& boundary, Scope scope,
                              Visits visits);
// The loops of a chain, outermost first, without those of bound 1.
[[nodiscard]] Loops loops_of(const Chain& chain, int depth);
// Iterations of the dim inside one tile of `level` (depth: one compute unit), before the dim's end cuts it.
[[nodiscard]] std::int64_t extent_of(const Chain& chain, int level, int depth);

}  // namespace weft::exact
