// SPDX-License-Identifier: Apache-2.0
#include "mapper/exact/answer.hpp"

#include <algorithm>

#include "mapper/exact/dim_counts.hpp"
#include "mapper/exact/window_sides.hpp"

namespace weft::exact {

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
  for (OwnRank& rank : ranks_) {
    study(rank);
    whole *= rank.words.whole;
    once *= rank.words.once;
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
  for (int from = 0; asked_.windows && from < asked_.boundary.child; ++from) {
    const Sweeps sweeps = slide(from);
    factors[asked_.slide(from)] = sweeps.again * idle(asked_.boundary.child);
    factors[asked_.begin(from)] = sweeps.begin * idle(0);
    const bool never = breaks(from);
    for (int k = 0; from + 1 < asked_.boundary.child && k <= asked_.boundary.child; ++k) {
      factors[asked_.beside(from, k)] = never ? kNever : factors[asked_.whole(k)];
    }
  }
}

void Answer::look(std::size_t dim, const Chain& chain) {
  const OwnDim& own = dims_[dim];
  View& view = views_[dim];
  view.size = own.size;
  view.extent = extent_of(chain, asked_.boundary.child, depth_);
  view.divides = extent_of(chain, 0, depth_) == own.size;
  view.beyond = extent_of(chain, 0, depth_) - view.extent - (own.size - 1);
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
  view.all_move = all_move(view);
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

void Answer::study(OwnRank& rank) const {
  rank.line = rank.dims.size() == 1 && !rank.padded;
  if (rank.line) {
    rank.words = line_words(views_[rank.dims[0]]);
    return;
  }
  const bool still = std::all_of(rank.dims.begin(), rank.dims.end(),
                                 [&](std::size_t i) { return views_[i].temporal.empty(); });
  const int never = asked_.boundary.child;
  if (retains_ || asked_.visits == Visits::kFirst) {
    rank.words.once = static_cast<double>(window_words(*rank.rank, sides(rank, 0, false)));
  }
  if (asked_.visits == Visits::kFirst) {
    return;
  }
  const WindowSides tiles = sides(rank, never, retains_ && !still);
  rank.hull = window_hull(tiles);
  rank.coincides = retains_ && may_coincide(*rank.rank, tiles);
  if (rank.coincides && !still) {
    rank.words.whole = 0;  // nothing need move then
    return;
  }
  const std::int64_t alike =
      retains_ && !still ? standing_still(rank) * std::min(rank.hull, rank.rank->extent) : 0;
  rank.words.whole = static_cast<double>(std::max<std::int64_t>(0, window_words(*rank.rank, tiles) - alike));
}

// Tiles of different index are disjoint: uniting and summing are the same.
Answer::Words Answer::line_words(const View& view) const {
  const Loops spatial = merged(view.summed, view.united);
  const auto all = static_cast<double>(elements(merged(view.temporal, spatial), view.extent, view.size));
  if (!retains_ || view.divides || view.temporal.empty()) {
    return {all, all};
  }
  // A run of the innermost loop that leaves an instance one tile only need not move it.
  const std::int64_t stride = view.temporal.back().stride;
  Loops outer = view.temporal;
  outer.pop_back();
  std::int64_t alone = 0;
  for (const std::int64_t offset : indices(spatial, view.size)) {
    alone += elements(outer, view.extent, view.size, offset) -
             view.extent * active(outer, view.size - stride, offset);
  }
  return {all - static_cast<double>(alone), all};
}

WindowSides Answer::sides(const OwnRank& rank, int united_from, bool only_moving) const {
  WindowSides result;
  for (std::size_t i = 0; i < rank.dims.size(); ++i) {
    result[i] = window_side(views_[rank.dims[i]], rank.coeffs[i], united_from, only_moving);
  }
  return result;
}

// At most how many tiles, of all instances, are entered without moving?
std::int64_t Answer::standing_still(const OwnRank& rank) const {
  if (rank.dims.size() < 2) {
    return 0;
  }
  std::array<SteppedDim, 2> dims;
  std::int64_t instances = 1;
  for (std::size_t i = 0; i < dims.size(); ++i) {
    const View& view = views_[rank.dims[i]];
    dims[i] = {rank.coeffs[i], view.temporal, view.beyond};
    instances *= static_cast<std::int64_t>(indices(view.summed, view.size).size());
  }
  return instances * exact::standing_still(dims);
}

// Sweeps of the window over the loops from level `from` inwards. None: it stands still there, or keeps no
// halo.
std::optional<Answer::Sweeps> Answer::sweeps(const OwnRank& rank, int from) const {
  std::int64_t travel = 0;
  int moving = 0;
  for (std::size_t i = 0; i < rank.dims.size(); ++i) {
    const View& view = views_[rank.dims[i]];
    if (view.temporal.empty() || view.temporal.back().level < from) {
      continue;
    }
    const std::int64_t own = least_travel(view, from);
    travel += rank.coeffs[i] * own;
    moving += own > 0 ? 1 : 0;
  }
  if (!halo_ || moving == 0) {
    return std::nullopt;
  }
  const WindowSides swept = sides(rank, from, true);
  std::int64_t starts = 1;
  for (const WindowSide& one : swept) {
    starts *= static_cast<std::int64_t>(one.bases.size());
  }
  const std::int64_t held = moving > 1 ? rank.hull : std::max<std::int64_t>(0, rank.hull - travel);
  const std::int64_t words = window_words(*rank.rank, swept);
  const std::int64_t again = std::max<std::int64_t>(0, words - held * starts);
  return Sweeps{static_cast<double>(again), static_cast<double>(words - again)};
}

Answer::Sweeps Answer::slide(int from) const {
  Sweeps all{1, 0};
  int sweeping = 0;
  for (const OwnRank& rank : ranks_) {
    const std::optional<Sweeps> swept = sweeps(rank, from);
    sweeping += swept ? 1 : 0;
    all.again *= swept ? swept->again : rank.words.whole;
    all.begin = swept ? swept->begin : 0;
  }
  if (ranks_.size() > 1) {
    all.begin = 0;
  }
  return sweeping > 0 ? all : Sweeps{kNever, 0};
}

// When a window of another part advances at level `from` or further out, the loops inside begin again: does
// that move every instance's tile along a rank of this part?
bool Answer::breaks(int from) const {
  const auto comes_back = [&](std::size_t dim) {
    const View& view = views_[dim];
    return !view.temporal.empty() && view.temporal.back().level > from && view.all_move;
  };
  return std::any_of(ranks_.begin(), ranks_.end(), [&](const OwnRank& rank) {
    return std::any_of(rank.dims.begin(), rank.dims.end(), comes_back) && (rank.line || !rank.coincides);
  });
}

}  // namespace weft::exact
