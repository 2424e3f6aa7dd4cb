// SPDX-License-Identifier: Apache-2.0
#include "mapper/exact/factors.hpp"

#include <algorithm>

#include "base/error.hpp"
#include "dataflow/rank_sets.hpp"
#include "dataflow/tile_extents.hpp"
#include "mapper/exact/dim_counts.hpp"
#include "mapper/exact/windows.hpp"

namespace weft::exact {

namespace {

using Loops = std::vector<ChainLoop>;

// The loops of one dim outside a child level, by what a question does with them.
struct View {
  std::int64_t size = 1, extent = 1;
  bool divides = true;
  Loops temporal, summed, united;  // outermost first
};

Loops merged(const Loops& a, const Loops& b) {
  Loops result = a;
  result.insert(result.end(), b.begin(), b.end());
  std::stable_sort(result.begin(), result.end(),
                   [](const ChainLoop& x, const ChainLoop& y) { return x.stride > y.stride; });
  return result;
}

// Indices that the loops' digits lead to below `size`, ascending (outermost loops first).
std::vector<std::int64_t> indices(const Loops& loops, std::int64_t size) {
  std::vector<std::int64_t> result = {0};
  for (const ChainLoop& loop : loops) {
    std::vector<std::int64_t> next;
    next.reserve(result.size() * static_cast<std::size_t>(loop.bound));
    for (const std::int64_t index : result) {
      for (std::int64_t digit = 0; digit < loop.bound && index + digit * loop.stride < size; ++digit) {
        next.push_back(index + digit * loop.stride);
      }
    }
    result = std::move(next);
  }
  return result;
}

// Instances whose offset is below this have at least two tiles along the dim whenever its innermost temporal
// loop runs, so every time they come around their tile has changed.
std::int64_t moving_offsets(const View& view) {
  if (view.divides || view.temporal.empty()) {
    return view.size;
  }
  std::int64_t last = view.temporal.back().stride;
  for (std::size_t i = 0; i + 1 < view.temporal.size(); ++i) {
    last += (view.temporal[i].bound - 1) * view.temporal[i].stride;
  }
  return std::max<std::int64_t>(0, view.size - last);
}

// How far the tile of an instance that keeps moving gets at least while the temporal loops from level `from` inwards
// run: in the last round, the farthest such instance.
std::int64_t least_travel(const View& view, int from) {
  const std::vector<std::int64_t> offsets =
      indices(merged(view.summed, view.united), moving_offsets(view));
  std::int64_t base = offsets.empty() ? 0 : *std::max_element(offsets.begin(), offsets.end());
  for (const ChainLoop& loop : view.temporal) {
    base += loop.level < from ? (loop.bound - 1) * loop.stride : 0;
  }
  std::int64_t travel = 0;
  for (const ChainLoop& loop : view.temporal) {
    if (loop.level >= from && base + travel < view.size) {
      travel += std::min(loop.bound - 1, (view.size - 1 - base - travel) / loop.stride) * loop.stride;
    }
  }
  return travel;
}

// Bounds of one question for the dims of one part.
class Answer {
 public:
  Answer(const MapSpace& space, const Part& part, const std::vector<Chain>& option, const Asked& asked)
      : problem_(space.problem()),
        accelerator_(space.accelerator()),
        part_(part),
        option_(option),
        depth_(space.depth()),
        asked_(asked),
        tensor_(problem_.tensor(asked.boundary.role)),
        retains_(asked.boundary.child < space.depth()) {
    for (std::size_t i = 0; i < part.dims.size(); ++i) {
      views_.push_back(view(part.dims[i], option[i], space.depth()));
    }
  }

  void write(std::vector<double>& factors) const {
    double whole = 1;
    double once = 1;
    double slide = 1;
    for (const Rank& rank : tensor_.ranks) {
      const Words words = rank_words(rank);
      whole *= words.whole;
      once *= words.once;
      slide *= words.slide;
    }
    if (asked_.visits == Visits::kFirst) {
      factors[asked_.whole(0)] = once * idle(0);
      return;
    }
    for (int k = 0; k <= asked_.boundary.child; ++k) {
      factors[asked_.whole(k)] = whole * idle(k);
    }
    for (int k = 1; retains_ && k <= asked_.boundary.child; ++k) {
      for (const Role limiting : kAllRoles) {
        factors[asked_.volume(k, limiting)] = whole * idle(k) * repeated_extent(k, limiting);
      }
    }
    factors[asked_.once()] = once * idle(0);
    factors[asked_.slide()] = slide * idle(asked_.boundary.child);
  }

 private:
  struct Words {
    double whole = 1, once = 1, slide = 1;
  };

  [[nodiscard]] View view(int dim, const Chain& chain, int depth) const {
    View result;
    result.size = problem_.size(dim);
    result.extent = extent_of(chain, asked_.boundary.child, depth);
    result.divides = extent_of(chain, 0, depth) == result.size;
    for (const ChainLoop& loop : loops_of(chain, depth)) {
      if (loop.level >= asked_.boundary.child) {
        break;
      }
      if (!loop.spatial) {
        result.temporal.push_back(loop);
        continue;
      }
      const NestLoop nest{dim, loop.bound, loop.stride, loop.level, true};
      const Gather gather =
          gather_of(nest, tensor_, accelerator_, asked_.boundary, asked_.scope, asked_.visits);
      if (gather != Gather::kFirst) {
        (gather == Gather::kSum ? result.summed : result.united).push_back(loop);
      }
    }
    return result;
  }

  // Dims of the part that the tensor does not mention: combinations in which an instance works. Loops whose
  // instances are united count as one instance, which is the first.
  [[nodiscard]] double idle(int free_from) const {
    double combinations = 1;
    for (std::size_t i = 0; i < part_.dims.size(); ++i) {
      if (relevant(tensor_, part_.dims[i])) {
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
  [[nodiscard]] double repeated_extent(int level, Role limiting) const {
    double extent = 1;
    for (std::size_t i = 0; i < part_.dims.size(); ++i) {
      const int dim = part_.dims[i];
      if (!relevant(tensor_, dim) && relevant(problem_.tensor(limiting), dim)) {
        extent *= static_cast<double>(std::min(extent_of(option_[i], level, depth_), problem_.size(dim)));
      }
    }
    return extent;
  }

  [[nodiscard]] Words rank_words(const Rank& rank) const {
    std::vector<std::size_t> own;
    std::vector<std::int64_t> coeffs;
    std::int64_t last = rank.offset;
    for (const Term& term : rank.terms) {
      const auto at = std::find(part_.dims.begin(), part_.dims.end(), term.dim);
      if (at != part_.dims.end()) {
        own.push_back(static_cast<std::size_t>(at - part_.dims.begin()));
        coeffs.push_back(term.coeff);
        last += term.coeff * (problem_.size(term.dim) - 1);
      }
    }
    if (own.empty()) {
      return {};
    }
    const bool padded = rank.offset < 0 || last >= rank.extent;
    return own.size() == 1 && !padded ? line_words(views_[own[0]]) : window_words_of(rank, own, coeffs);
  }

  // Tiles of different index are disjoint: uniting and summing are the same.
  [[nodiscard]] Words line_words(const View& view) const {
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
  [[nodiscard]] WindowSide side(const View& view, std::int64_t coeff, int united_from,
                                bool only_moving) const {
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
    result.offsets = only_moving && !view.divides
                         ? swept_offsets(swept, indices(view.united, limit), view.size)
                         : indices(merged(swept, view.united), view.size);
    return result;
  }

  static std::vector<std::int64_t> swept_offsets(const Loops& swept, const std::vector<std::int64_t>& spatial,
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

  struct WindowDims {
    const Rank& rank;
    std::vector<std::size_t> own;  // indices into views_
    std::vector<std::int64_t> coeffs;
  };

  [[nodiscard]] WindowSides sides(const WindowDims& dims, int united_from, bool only_moving) const {
    WindowSides result;
    for (std::size_t i = 0; i < dims.own.size(); ++i) {
      result[i] = side(views_[dims.own[i]], dims.coeffs[i], united_from, only_moving);
    }
    return result;
  }

  [[nodiscard]] Words window_words_of(const Rank& rank, const std::vector<std::size_t>& own,
                                      const std::vector<std::int64_t>& coeffs) const {
    const WindowDims dims{rank, own, coeffs};
    const bool still =
        std::all_of(own.begin(), own.end(), [&](std::size_t i) { return views_[i].temporal.empty(); });
    const int never = asked_.boundary.child;
    Words words;
    words.once = static_cast<double>(window_words(rank, sides(dims, 0, false)));
    if (!retains_ || still) {
      words.whole = static_cast<double>(window_words(rank, sides(dims, never, false)));
      words.slide = words.whole;
      return words;
    }
    const WindowSides tiles = sides(dims, never, true);
    if (may_coincide(rank, tiles)) {
      // Nothing need move then.
      return {0, words.once, 0};
    }
    words.whole = static_cast<double>(window_words(rank, tiles));
    words.slide = retained_halo() ? sweeps(dims, window_hull(tiles)) : words.whole;
    return words;
  }

  // Words of sweeps of the window that come around again and again, each beginning on what the last one left;
  // from whichever level inwards they sweep.
  [[nodiscard]] double sweeps(const WindowDims& dims, std::int64_t hull) const {
    double least = -1;
    for (int from = 0; from < asked_.boundary.child; ++from) {
      std::int64_t travel = 0;
      int moving = 0;
      for (std::size_t i = 0; i < dims.own.size(); ++i) {
        const std::int64_t own = least_travel(views_[dims.own[i]], from);
        travel += dims.coeffs[i] * own;
        moving += own > 0 ? 1 : 0;
      }
      if (moving == 0) {
        continue;
      }
      const WindowSides swept = sides(dims, from, true);
      std::int64_t starts = 1;
      for (const WindowSide& one : swept) {
        starts *= static_cast<std::int64_t>(one.bases.size());
      }
      const std::int64_t held = moving > 1 ? hull : std::max<std::int64_t>(0, hull - travel);
      const auto words =
          static_cast<double>(std::max<std::int64_t>(0, window_words(dims.rank, swept) - held * starts));
      least = least < 0 ? words : std::min(least, words);
    }
    return std::max(0.0, least);
  }

  [[nodiscard]] bool retained_halo() const {
    return accelerator_.levels[static_cast<std::size_t>(asked_.boundary.child)]
               .memory_for(asked_.boundary.role)
               ->halo == Halo::kReuse;
  }

  const Problem& problem_;
  const Accelerator& accelerator_;
  const Part& part_;
  const std::vector<Chain>& option_;
  int depth_;
  const Asked& asked_;
  const TensorShape& tensor_;
  bool retains_;
  std::vector<View> views_;
};

std::int64_t temporal_iterations(const Chain& chain, std::int64_t size, int depth) {
  Loops temporal;
  for (const ChainLoop& loop : loops_of(chain, depth)) {
    if (!loop.spatial) {
      temporal.push_back(loop);
    }
  }
  return active(temporal, size);
}

// Words of one tile at the given first index of each dim (the instances from the parent down united).
class Edge {
 public:
  Edge(const MapSpace& space, const Part& part, const std::vector<Chain>& option, const Boundary& boundary,
       Scope scope)
      : space_(space), part_(part), option_(option), boundary_(boundary), scope_(scope) {}

  [[nodiscard]] double words(bool last) const {
    const TensorShape& tensor = space_.problem().tensor(boundary_.role);
    double words = 1;
    for (const Rank& rank : tensor.ranks) {
      WindowSides sides;
      std::size_t used = 0;
      for (const Term& term : rank.terms) {
        const auto at = std::find(part_.dims.begin(), part_.dims.end(), term.dim);
        if (at != part_.dims.end()) {
          sides[used++] = side(term, option_[static_cast<std::size_t>(at - part_.dims.begin())], last);
        }
      }
      words *= used > 0 ? static_cast<double>(window_words(rank, sides)) : 1;
    }
    return words;
  }

 private:
  [[nodiscard]] WindowSide side(const Term& term, const Chain& chain, bool last) const {
    WindowSide result;
    result.coeff = term.coeff;
    result.size = space_.problem().size(term.dim);
    result.extent = extent_of(chain, boundary_.child, space_.depth());
    std::int64_t base = 0;
    Loops united;
    for (const ChainLoop& loop : loops_of(chain, space_.depth())) {
      if (loop.level >= boundary_.child) {
        break;
      }
      if (!loop.spatial && last) {
        base += std::min(loop.bound - 1, (result.size - 1 - base) / loop.stride) * loop.stride;
      } else if (loop.spatial && !first_only(term.dim, loop)) {
        united.push_back(loop);
      }
    }
    result.bases = {base};
    result.offsets = indices(united, result.size - base);
    return result;
  }

  [[nodiscard]] bool first_only(int dim, const ChainLoop& loop) const {
    const NestLoop nest{dim, loop.bound, loop.stride, loop.level, true};
    return gather_of(nest, space_.problem().tensor(boundary_.role), space_.accelerator(), boundary_, scope_,
                     Visits::kAll) == Gather::kFirst;
  }

  const MapSpace& space_;
  const Part& part_;
  const std::vector<Chain>& option_;
  const Boundary& boundary_;
  Scope scope_;
};

}  // namespace

double constant_words(const TensorShape& tensor, const Problem& problem) {
  double words = 1;
  for (const Rank& rank : tensor.ranks) {
    const bool fixed = std::all_of(rank.terms.begin(), rank.terms.end(),
                                   [&](const Term& term) { return problem.size(term.dim) == 1; });
    words *= fixed && (rank.offset < 0 || rank.offset >= rank.extent) ? 0 : 1;
  }
  return words;
}

Scope representative(const MapSpace& space, const Boundary& boundary, Scope scope) {
  const Accelerator& machine = space.accelerator();
  const auto free = [&](int level) {
    const Memory* memory = machine.levels[static_cast<std::size_t>(level)].memory_for(boundary.role);
    return !memory->read_bandwidth && !memory->write_bandwidth && !memory->shared_bandwidth;
  };
  if (scope == Scope::kFirstParent && (machine.instances(boundary.parent) == 1 || free(boundary.parent))) {
    scope = Scope::kParents;
  }
  if (scope == Scope::kFirstReceiver &&
      (boundary.child == space.depth() || machine.instances(boundary.child) == 1 || free(boundary.child))) {
    scope = Scope::kReceivers;
  }
  const bool alone = machine.instances(boundary.child) == machine.instances(boundary.parent);
  return scope == Scope::kReceivers && alone ? Scope::kParents : scope;
}

const Asked& Layout::find(const Boundary& boundary, Scope scope, Visits visits) const {
  scope = representative(*space, boundary, scope);
  for (const Asked& one : asked) {
    if (one.boundary.role == boundary.role && one.boundary.parent == boundary.parent &&
        one.boundary.child == boundary.child && one.scope == scope && one.visits == visits) {
      return one;
    }
  }
  WEFT_ENSURE(false, "a count that the layout does not hold");
  return asked.front();
}

Layout make_layout(const MapSpace& space) {
  Layout layout;
  layout.space = &space;
  const auto take = [&](std::size_t count) {
    const std::size_t first = layout.size;
    layout.size += count;
    return first;
  };
  const auto ask = [&](const Boundary& boundary) {
    for (const Scope scope :
         {Scope::kReceivers, Scope::kParents, Scope::kFirstReceiver, Scope::kFirstParent}) {
      if (representative(space, boundary, scope) != scope) {
        continue;
      }
      const auto child = static_cast<std::size_t>(boundary.child);
      const std::size_t first = take(child + 3);
      layout.asked.push_back(
          {boundary, scope, Visits::kAll, first, boundary.child < space.depth() ? take(3 * child) : 0});
      if (boundary.role == Role::kOutputs) {
        layout.asked.push_back({boundary, scope, Visits::kFirst, take(1), 0});
      }
    }
    if (boundary.child < space.depth()) {
      layout.edges.push_back({boundary, take(1), take(1)});
    }
  };
  for (const Role role : kAllRoles) {
    const auto r = static_cast<std::size_t>(index_of(role));
    for (int parent = 0; parent < space.depth(); ++parent) {
      for (int child = parent + 1; space.level(parent).can_keep[r] && child <= space.depth(); ++child) {
        const bool must = child < space.depth() && space.level(child).must_keep[r];
        if (child == space.depth() || space.level(child).can_keep[r]) {
          ask({role, parent, child});
        }
        if (must) {
          break;
        }
      }
    }
  }
  for (int level = 0; level < space.depth(); ++level) {
    layout.tile.push_back({take(1), take(1), take(1)});
    layout.rest.emplace_back();
    for (PerRole<std::size_t>& of_limiting : layout.rest.back()) {
      of_limiting = {take(1), take(1), take(1)};
    }
    layout.columns.push_back(take(1));
    layout.rows.push_back(take(1));
  }
  layout.iterations = take(1);
  return layout;
}

std::vector<double> Factors::of(const Part& part, const std::vector<Chain>& option) const {
  std::vector<double> factors(layout_->size, 1.0);
  const int depth = space_->depth();
  for (const Asked& asked : layout_->asked) {
    Answer(*space_, part, option, asked).write(factors);
  }
  for (const EdgeTile& edge : layout_->edges) {
    const bool last = edge.boundary.role == Role::kOutputs;
    factors[edge.parent] = Edge(*space_, part, option, edge.boundary, Scope::kFirstParent).words(last);
    factors[edge.receiver] = Edge(*space_, part, option, edge.boundary, Scope::kFirstReceiver).words(last);
  }
  for (int level = 0; level < depth; ++level) {
    const auto l = static_cast<std::size_t>(level);
    DimArray extents;
    extents.fill(1);
    for (std::size_t i = 0; i < part.dims.size(); ++i) {
      const int dim = part.dims[i];
      extents[static_cast<std::size_t>(dim)] =
          std::min(extent_of(option[i], level, depth), space_->problem().size(dim));
      factors[layout_->columns[l]] *= static_cast<double>(option[i].x[l]);
      factors[layout_->rows[l]] *= static_cast<double>(option[i].y[l]);
    }
    for (const Role role : kAllRoles) {
      for (const Rank& rank : space_->problem().tensor(role).ranks) {
        const bool own = std::any_of(rank.terms.begin(), rank.terms.end(), [&](const Term& term) {
          return std::find(part.dims.begin(), part.dims.end(), term.dim) != part.dims.end();
        });
        if (own) {
          factors[layout_->tile[l][static_cast<std::size_t>(index_of(role))]] *=
              static_cast<double>(coordinates_inside(rank, extents));
        }
      }
    }
  }
  for (int level = 0; level < depth; ++level) {
    const auto l = static_cast<std::size_t>(level);
    for (const Role limiting : kAllRoles) {
      const auto u = static_cast<std::size_t>(index_of(limiting));
      for (const Role repeated : kAllRoles) {
        const auto v = static_cast<std::size_t>(index_of(repeated));
        double& rest = factors[layout_->rest[l][u][v]];
        rest = factors[layout_->tile[l][u]];
        for (std::size_t i = 0; i < part.dims.size(); ++i) {
          const int dim = part.dims[i];
          if (!relevant(space_->problem().tensor(repeated), dim) &&
              relevant(space_->problem().tensor(limiting), dim)) {
            rest /= static_cast<double>(
                std::min(extent_of(option[i], level, depth), space_->problem().size(dim)));
          }
        }
      }
    }
  }
  for (std::size_t i = 0; i < part.dims.size(); ++i) {
    factors[layout_->iterations] *=
        static_cast<double>(temporal_iterations(option[i], space_->problem().size(part.dims[i]), depth));
  }
  return factors;
}

}  // namespace weft::exact
