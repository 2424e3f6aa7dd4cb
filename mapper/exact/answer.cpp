// SPDX-License-Identifier: Apache-2.0
#include "mapper/exact/answer.hpp"

#include <algorithm>

#include "mapper/exact/dim_counts.hpp"

namespace weft::exact {

namespace {

std::vector<std::int64_t> swept_offsets(const Loops& swept, const std::vector<std::int64_t>& spatial,
                                        std::int64_t size) {
  std::vector<std::int64_t> result;
  for (const std::int64_t time : indices(swept, size)) {
    for (const std::int64_t offset : spatial) {
      result.push_back(time + offset);
    }
  }
  std::sort(result.begin(), result.end());
  return result;
}

}  // namespace

Answer::Answer(const MapSpace& space, const Part& part, const Asked& asked)
    : asked_(asked), depth_(space.depth()), retains_(asked.boundary.child < space.depth()) {
  const Problem& problem = space.problem();
  const Role role = asked.boundary.role;
  const TensorShape& tensor = problem.tensor(role);
  for (const int dim : part.dims) {
    OwnDim own;
    own.size = problem.size(dim);
    own.mentioned = relevant(tensor, dim);
    for (const Role limiting : kAllRoles) {
      own.limits[static_cast<std::size_t>(index_of(limiting))] =
          !own.mentioned && relevant(problem.tensor(limiting), dim);
    }
    for (int level = 0; level < depth_; ++level) {
      own.gather[static_cast<std::size_t>(level)] = gather_of(
          {dim, 2, 1, level, true}, tensor, space.accelerator(), asked.boundary, asked.scope, asked.visits);
    }
    dims_.push_back(own);
  }
  for (const Rank& rank : tensor.ranks) {
    OwnRank own;
    own.rank = &rank;
    std::int64_t last = rank.offset;
    for (const Term& term : rank.terms) {
      const auto at = std::find(part.dims.begin(), part.dims.end(), term.dim);
      if (at != part.dims.end()) {
        own.dims.push_back(static_cast<std::size_t>(at - part.dims.begin()));
        own.coeffs.push_back(term.coeff);
        last += term.coeff * (problem.size(term.dim) - 1);
      }
    }
    own.padded = rank.offset < 0 || last >= rank.extent;
    if (!own.dims.empty()) {
      ranks_.push_back(std::move(own));
    }
  }
  if (retains_) {
    halo_ =
        space.accelerator().levels[static_cast<std::size_t>(asked.boundary.child)].memory_for(role)->halo ==
        Halo::kReuse;
  }
}

void Answer::write(const std::vector<Chain>& option, double* factors) {
  for (std::size_t i = 0; i < dims_.size(); ++i) {
    look(i, option[i]);
  }
  double whole = 1;
  double once = 1;
  double slide = 1;
  for (const OwnRank& rank : ranks_) {
    const Words words = rank_words(rank);
    whole *= words.whole;
    once *= words.once;
    slide *= words.slide;
  }
  if (asked_.visits == Visits::kFirst) {
    factors[asked_.whole(0)] = once * idle(0);
    return;
  }
  if (!retains_) {
    factors[asked_.whole(asked_.boundary.child)] = whole * idle(asked_.boundary.child);
    return;
  }
  for (int k = 0; k <= asked_.boundary.child; ++k) {
    const double words = whole * idle(k);
    factors[asked_.whole(k)] = words;
    for (const Role limiting : kAllRoles) {
      if (k > 0) {
        factors[asked_.volume(k, limiting)] = words * repeated_extent(option, k, limiting);
      }
    }
  }
  factors[asked_.once()] = once * idle(0);
  factors[asked_.slide()] = slide * idle(asked_.boundary.child);
}

void Answer::look(std::size_t dim, const Chain& chain) {
  const OwnDim& own = dims_[dim];
  View& view = views_[dim];
  view.size = own.size;
  view.extent = extent_of(chain, asked_.boundary.child, depth_);
  view.divides = extent_of(chain, 0, depth_) == own.size;
  view.temporal.clear();
  view.summed.clear();
  view.united.clear();
  for (const ChainLoop& loop : loops_of(chain, depth_)) {
    if (loop.level >= asked_.boundary.child) {
      break;
    }
    const Gather gather = own.gather[static_cast<std::size_t>(loop.level)];
    if (!loop.spatial) {
      view.temporal.push_back(loop);
    } else if (gather != Gather::kFirst) {
      (gather == Gather::kSum ? view.summed : view.united).push_back(loop);
    }
  }
}

// Dims of the part that the tensor does not mention: combinations in which an instance works. Loops whose
// instances are united count as one instance, which is the first.
double Answer::idle(int free_from) const {
  double combinations = 1;
  for (std::size_t i = 0; i < dims_.size(); ++i) {
    if (dims_[i].mentioned) {
      continue;
    }
    Loops counted;
    for (const ChainLoop& loop : views_[i].temporal) {
      if (loop.level < free_from) {
        counted.push_back(loop);
      }
    }
    combinations *= static_cast<double>(active(merged(counted, views_[i].summed), views_[i].size));
  }
  return combinations;
}

// Extent of the level's tile along the dims of the part that this tensor does not mention but `limiting`
// does.
double Answer::repeated_extent(const std::vector<Chain>& option, int level, Role limiting) const {
  double extent = 1;
  for (std::size_t i = 0; i < dims_.size(); ++i) {
    if (dims_[i].limits[static_cast<std::size_t>(index_of(limiting))]) {
      extent *= static_cast<double>(std::min(extent_of(option[i], level, depth_), dims_[i].size));
    }
  }
  return extent;
}

Answer::Words Answer::rank_words(const OwnRank& rank) const {
  return rank.dims.size() == 1 && !rank.padded ? line_words(views_[rank.dims[0]]) : window_words_of(rank);
}

// Tiles of different index are disjoint: uniting and summing are the same.
Answer::Words Answer::line_words(const View& view) const {
  const Loops spatial = merged(view.summed, view.united);
  const auto all = static_cast<double>(elements(merged(view.temporal, spatial), view.extent, view.size));
  double moving = all;
  if (retains_ && !view.divides && !view.temporal.empty()) {
    std::int64_t sum = 0;
    for (const std::int64_t offset : indices(spatial, moving_offsets(view))) {
      sum += elements(view.temporal, view.extent, view.size, offset);
    }
    moving = static_cast<double>(sum);
  }
  return {moving, all, moving};
}

// The part's dim as a side of a window; temporal loops from level `united_from` inwards are swept.
WindowSide Answer::side(const View& view, std::int64_t coeff, int united_from, bool only_moving) const {
  Loops swept;
  Loops stepped;
  for (const ChainLoop& loop : view.temporal) {
    (loop.level >= united_from ? swept : stepped).push_back(loop);
  }
  const std::int64_t limit = only_moving ? moving_offsets(view) : view.size;
  WindowSide result;
  result.coeff = coeff;
  result.size = view.size;
  result.extent = view.extent;
  result.bases.clear();
  for (const std::int64_t offset : indices(view.summed, limit)) {
    for (const std::int64_t base : indices(stepped, view.size - offset)) {
      result.bases.push_back(base + offset);
    }
  }
  std::sort(result.bases.begin(), result.bases.end());
  result.offsets = only_moving && !view.divides ? swept_offsets(swept, indices(view.united, limit), view.size)
                                                : indices(merged(swept, view.united), view.size);
  return result;
}

WindowSides Answer::sides(const OwnRank& rank, int united_from, bool only_moving) const {
  WindowSides result;
  for (std::size_t i = 0; i < rank.dims.size(); ++i) {
    result[i] = side(views_[rank.dims[i]], rank.coeffs[i], united_from, only_moving);
  }
  return result;
}

Answer::Words Answer::window_words_of(const OwnRank& rank) const {
  const bool still = std::all_of(rank.dims.begin(), rank.dims.end(),
                                 [&](std::size_t i) { return views_[i].temporal.empty(); });
  const int never = asked_.boundary.child;
  Words words;
  if (retains_ || asked_.visits == Visits::kFirst) {
    words.once = static_cast<double>(window_words(*rank.rank, sides(rank, 0, false)));
  }
  if (asked_.visits == Visits::kFirst) {
    return words;
  }
  if (!retains_ || still) {
    words.whole = static_cast<double>(window_words(*rank.rank, sides(rank, never, false)));
    words.slide = words.whole;
    return words;
  }
  const WindowSides tiles = sides(rank, never, true);
  if (may_coincide(*rank.rank, tiles) || stands_still(rank)) {
    // Nothing need move then.
    return {0, words.once, 0};
  }
  words.whole = static_cast<double>(window_words(*rank.rank, tiles));
  words.slide = halo_ ? sweeps(rank, window_hull(tiles)) : words.whole;
  return words;
}

bool Answer::stands_still(const OwnRank& rank) const {
  if (rank.dims.size() < 2) {
    return false;
  }
  const View& a = views_[rank.dims[0]];
  const View& b = views_[rank.dims[1]];
  return may_stand_still({rank.coeffs[0], rank.coeffs[1]}, {a.temporal, b.temporal}, {a.divides, b.divides});
}

// Words of sweeps of the window that come around again and again, each beginning on what the last one left;
// from whichever level inwards they sweep.
double Answer::sweeps(const OwnRank& rank, std::int64_t hull) const {
  double least = -1;
  for (int from = 0; from < asked_.boundary.child; ++from) {
    std::int64_t travel = 0;
    int moving = 0;
    for (std::size_t i = 0; i < rank.dims.size(); ++i) {
      const std::int64_t own = least_travel(views_[rank.dims[i]], from);
      travel += rank.coeffs[i] * own;
      moving += own > 0 ? 1 : 0;
    }
    if (moving == 0) {
      continue;
    }
    const WindowSides swept = sides(rank, from, true);
    std::int64_t starts = 1;
    for (const WindowSide& one : swept) {
      starts *= static_cast<std::int64_t>(one.bases.size());
    }
    const std::int64_t held = moving > 1 ? hull : std::max<std::int64_t>(0, hull - travel);
    const auto words =
        static_cast<double>(std::max<std::int64_t>(0, window_words(*rank.rank, swept) - held * starts));
    least = least < 0 ? words : std::min(least, words);
  }
  return std::max(0.0, least);
}

}  // namespace weft::exact
