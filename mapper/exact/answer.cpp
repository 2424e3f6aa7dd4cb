// SPDX-License-Identifier: Apache-2.0
#include "mapper/exact/answer.hpp"

#include <algorithm>

#include "mapper/exact/standing_still.hpp"
#include "mapper/exact/window_sides.hpp"

namespace weft::exact {

Answer::Answer(const MapSpace& space, const Part& part, const ChainTable& table, Sights& sights,
               WindowCounts& counts, const Asked& asked)
    : table_(table), counts_(&counts), asked_(asked), retains_(asked.boundary.child < space.depth()) {
  if (retains_) {
    const StorageLevel& child = space.accelerator().levels[static_cast<std::size_t>(asked.boundary.child)];
    halo_ = child.memory_for(asked.boundary.role)->halo == Halo::kReuse;
  }
  look_at_dims(space, part, sights);
  look_at_ranks(space.problem(), part);
}

void Answer::look_at_dims(const MapSpace& space, const Part& part, Sights& sights) {
  const TensorShape& tensor = space.problem().tensor(asked_.boundary.role);
  for (std::size_t i = 0; i < part.dims.size(); ++i) {
    const int dim = part.dims[i];
    Asking asking;
    asking.dim = i;
    asking.child = asked_.boundary.child;
    asking.retains = retains_;
    asking.mentioned = relevant(tensor, dim);
    asking.first_visits = !retains_ && asked_.visits == Visits::kFirst;
    asking.gather = gathers(space, dim, asked_.boundary, asked_.scope, asked_.visits);
    if (retains_ && !asking.mentioned) {
      // United instances are one there, the first.
      std::replace(asking.gather.begin(), asking.gather.end(), Gather::kUnion, Gather::kFirst);
    }
    OwnDim own;
    const bool in_window = std::any_of(tensor.ranks.begin(), tensor.ranks.end(), [&](const Rank& rank) {
      return mentions(rank, dim) && !part.is_line(rank, space.problem());
    });
    own.sight = &sights.of(asking, asking.mentioned && (asked_.windows || in_window));
    for (const Role limiting : kAllRoles) {
      own.limits[at(limiting)] = !asking.mentioned && relevant(space.problem().tensor(limiting), dim);
    }
    dims_.push_back(own);
  }
}

void Answer::look_at_ranks(const Problem& problem, const Part& part) {
  const std::size_t forms = 2 * (static_cast<std::size_t>(asked_.boundary.child) + 1);
  for (const Rank& rank : problem.tensor(asked_.boundary.role).ranks) {
    OwnRank own;
    own.rank = &rank;
    own.line = part.is_line(rank, problem);
    for (const Term& term : rank.terms) {
      if (const std::optional<std::size_t> dim = part.place(term.dim)) {
        own.sides[own.dims.size()].resize(
            own.line && !asked_.windows ? 0 : forms * dims_[*dim].sight->seen.size());
        own.dims.push_back(*dim);
        own.coeffs.push_back(term.coeff);
      }
    }
    if (!own.dims.empty()) {
      ranks_.push_back(std::move(own));
    }
  }
}

bool Answer::same(const Answer& other) const {
  const Asked& theirs = other.asked_;
  return asked_.boundary.role == theirs.boundary.role && asked_.boundary.child == theirs.boundary.child &&
         asked_.visits == theirs.visits && asked_.windows == theirs.windows &&
         std::equal(dims_.begin(), dims_.end(), other.dims_.begin(),
                    [](const OwnDim& a, const OwnDim& b) { return a.sight == b.sight; });
}

std::vector<std::uint32_t> Answer::alike() const {
  const ChainClasses absent;
  return first_alike(table_,
                     {&dims_[0].sight->classes, dims_.size() > 1 ? &dims_[1].sight->classes : &absent});
}

void Answer::write(std::size_t option, double* factors) {
  for (std::size_t i = 0; i < dims_.size(); ++i) {
    OwnDim& own = dims_[i];
    own.seen = own.sight->classes.of[table_.of_option[option][i]];
    own.at = &own.sight->seen[own.seen];
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
        factors[asked_.volume(k, limiting)] = words * repeated_extent(k, limiting);
      }
    }
  }
  factors[asked_.once()] = once * idle(0);
  Sweeps sweeps;
  for (int from = asked_.boundary.child - 1; asked_.windows && from >= 0; --from) {
    if (from + 1 == asked_.boundary.child || repeats_at(from)) {  // or the same loops sweep as further in
      sweeps = slide(from);
    }
    factors[asked_.slide(from)] = sweeps.again * idle(asked_.boundary.child);
    factors[asked_.begin(from)] = sweeps.begin * idle(0);
    const bool never = breaks(from);
    for (int k = 0; from + 1 < asked_.boundary.child && k <= asked_.boundary.child; ++k) {
      factors[asked_.beside(from, k)] = never ? kNever : factors[asked_.whole(k)];
    }
  }
}

// Dims of the part that the tensor does not mention: combinations in which an instance works.
double Answer::idle(int free_from) const {
  double combinations = 1;
  for (std::size_t i = 0; i < dims_.size(); ++i) {
    combinations *= dims_[i].sight->asking.mentioned ? 1 : seen(i).idle[static_cast<std::size_t>(free_from)];
  }
  return combinations;
}

// Extent of the level's tile along the dims of the part that this tensor does not mention but `limiting`
// does.
double Answer::repeated_extent(int level, Role limiting) const {
  double extent = 1;
  for (std::size_t i = 0; i < dims_.size(); ++i) {
    extent *= dims_[i].limits[at(limiting)] ? seen(i).extent[static_cast<std::size_t>(level)] : 1;
  }
  return extent;
}

void Answer::study(OwnRank& rank) {
  if (rank.line) {
    rank.words = seen(rank.dims[0]).line;
    return;
  }
  const bool still =
      std::all_of(rank.dims.begin(), rank.dims.end(), [&](std::size_t i) { return seen(i).repeats == 0; });
  const int never = asked_.boundary.child;
  if (retains_ || asked_.visits == Visits::kFirst) {
    rank.words.once = static_cast<double>(counts_->words(*rank.rank, sides(rank, 0, false)));
  }
  if (asked_.visits == Visits::kFirst) {
    return;
  }
  const WindowSides tiles = sides(rank, never, retains_ && !still);
  rank.hull = window_hull(tiles);
  rank.coincides = retains_ && counts_->coincide(*rank.rank, tiles);
  if (rank.coincides && !still) {
    rank.words.whole = 0;  // nothing need move then
    return;
  }
  const std::int64_t alike =
      retains_ && !still ? standing_still(rank) * std::min(rank.hull, rank.rank->extent) : 0;
  rank.words.whole =
      static_cast<double>(std::max<std::int64_t>(0, counts_->words(*rank.rank, tiles) - alike));
}

WindowSides Answer::sides(OwnRank& rank, int united_from, bool only_moving) const {
  WindowSides result = kNoSides;
  const auto as_one = [&](const ChainLoop& loop) { return loop.level >= united_from; };
  const std::size_t forms = 2 * (static_cast<std::size_t>(asked_.boundary.child) + 1);
  for (std::size_t i = 0; i < rank.dims.size(); ++i) {
    const std::size_t dim = rank.dims[i];
    const View& view = *seen(dim).view;
    // The first of the levels that unite the same loops stands for all of them.
    const auto united = std::find_if(view.temporal.begin(), view.temporal.end(), as_one);
    const int from = united == view.temporal.end() ? asked_.boundary.child : united->level;
    const bool moving = only_moving && !view.all_move;
    const WindowSide*& side =
        rank.sides[i][dims_[dim].seen * forms + 2 * static_cast<std::size_t>(from) + (moving ? 1 : 0)];
    if (side == nullptr) {
      side = counts_->keep(window_side(view, rank.coeffs[i], from, moving));
    }
    result[i] = side;
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
    const Seen& own = seen(rank.dims[i]);
    dims[i] = {rank.coeffs[i], own.view->temporal, own.view->beyond};
    instances *= own.instances;
  }
  return instances * exact::standing_still(dims);
}

// Sweeps of the window over the loops from level `from` inwards. None: it stands still there, or keeps no
// halo.
std::optional<Answer::Sweeps> Answer::sweeps(OwnRank& rank, int from) const {
  std::int64_t travel = 0;
  int moving = 0;
  for (std::size_t i = 0; i < rank.dims.size(); ++i) {
    const std::int64_t own = seen(rank.dims[i]).travel[static_cast<std::size_t>(from)];
    travel += rank.coeffs[i] * own;
    moving += own > 0 ? 1 : 0;
  }
  if (!halo_ || moving == 0) {
    return std::nullopt;
  }
  const WindowSides swept = sides(rank, from, true);
  const auto starts = static_cast<std::int64_t>(swept[0]->bases.size() * swept[1]->bases.size());
  const std::int64_t held = moving > 1 ? rank.hull : std::max<std::int64_t>(0, rank.hull - travel);
  const std::int64_t words = counts_->words(*rank.rank, swept);
  const std::int64_t again = std::max<std::int64_t>(0, words - held * starts);
  return Sweeps{static_cast<double>(again), static_cast<double>(words - again)};
}

// Has a dim of the part a temporal loop there?
bool Answer::repeats_at(int level) const {
  return std::any_of(dims_.begin(), dims_.end(),
                     [&](const OwnDim& own) { return own.at->repeats_at(level); });
}

Answer::Sweeps Answer::slide(int from) {
  Sweeps all{1, 0};
  int sweeping = 0;
  for (OwnRank& rank : ranks_) {
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
    return seen(dim).repeats_inside(from) && seen(dim).all_move;
  };
  return std::any_of(ranks_.begin(), ranks_.end(), [&](const OwnRank& rank) {
    return std::any_of(rank.dims.begin(), rank.dims.end(), comes_back) && (rank.line || !rank.coincides);
  });
}

}  // namespace weft::exact
