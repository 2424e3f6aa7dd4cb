// SPDX-License-Identifier: Apache-2.0
#include "mapper/exact/answer.hpp"

#include <algorithm>

#include "mapper/exact/dim_counts.hpp"
#include "mapper/exact/views.hpp"
#include "mapper/exact/windows.hpp"

namespace weft::exact {

namespace {

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

  void write(double* factors) const {
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
    if (!retains_) {
      factors[asked_.whole(asked_.boundary.child)] = whole * idle(asked_.boundary.child);
      return;
    }
    for (int k = 0; k <= asked_.boundary.child; ++k) {
      factors[asked_.whole(k)] = whole * idle(k);
    }
    for (int k = 1; k <= asked_.boundary.child; ++k) {
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
    if (retains_ || asked_.visits == Visits::kFirst) {
      words.once = static_cast<double>(window_words(rank, sides(dims, 0, false)));
    }
    if (asked_.visits == Visits::kFirst) {
      return words;
    }
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

}  // namespace

void write_answer(const MapSpace& space, const Part& part, const std::vector<Chain>& option,
                  const Asked& asked, double* factors) {
  Answer(space, part, option, asked).write(factors);
}

}  // namespace weft::exact
