// Finds the axes of a ski slope and lists their options.
// SPDX-License-Identifier: Apache-2.0
#include "mapper/ski_slope_axes.hpp"

#include <algorithm>
#include <array>
#include <optional>

#include <fmt/format.h>

#include "base/checked.hpp"
#include "base/error.hpp"
#include "dataflow/tile_extents.hpp"
#include "mapper/ski_slope.hpp"
#include "mapper/ski_slope_window.hpp"

namespace weft {

namespace {

std::vector<std::int64_t> divisors_of(std::int64_t size) {
  if (size > kMaxSlopeSize) {
    throw TooManyTiles(fmt::format("a dim of {}, above {}, is not divided into tiles", size, kMaxSlopeSize));
  }
  std::vector<std::int64_t> divisors;
  for (std::int64_t d = 1; d <= size / d; ++d) {
    if (size % d == 0) {
      divisors.push_back(d);
      if (d != size / d) {
        divisors.push_back(size / d);
      }
    }
  }
  std::sort(divisors.begin(), divisors.end());
  return divisors;
}

void refuse_above_limit(std::int64_t tiles) {
  if (tiles > kMaxSlopeTiles) {
    throw TooManyTiles(fmt::format("more than {} tile shapes", kMaxSlopeTiles));
  }
}

// Does the rank need more than the sizes of its dims: several dims, or coordinates that nothing stores?
bool is_window(const Problem& problem, const Rank& rank) {
  int terms = 0;
  std::int64_t last = rank.offset;
  for (const Term& term : rank.terms) {
    terms += problem.size(term.dim) > 1 ? 1 : 0;
    last = saturating_add(last, saturating_mul(term.coeff, problem.size(term.dim) - 1));
  }
  return terms > 1 || rank.offset < 0 || last >= rank.extent;
}

class Finder {
 public:
  explicit Finder(const Problem& problem) : problem_(problem) {
    for (int dim = 0; dim < problem.rank(); ++dim) {
      component_[static_cast<std::size_t>(dim)] = dim;
    }
    find_windows();
  }

  SlopeAxes find() {
    for (const Role role : kAllRoles) {
      for (int dim = 0; dim < problem_.rank(); ++dim) {
        if (relevant(problem_.tensor(role), dim) && !in_window_[at(role)][static_cast<std::size_t>(dim)]) {
          const bool group = !windowed(dim) && class_of(problem_, dim) == DimClass::kGroups;
          axes_.plain[at(role)] *= group ? 1 : problem_.size(dim);
        }
      }
    }
    add_plain_axes();
    for (int dim = 0; dim < problem_.rank(); ++dim) {
      if (windowed(dim) && component(dim) == dim) {
        add_window_axis(dim);
      }
    }
    add_still_windows();
    return std::move(axes_);
  }

 private:
  // A window of one tensor, and the component of dims that it belongs to (-1: no dim larger than 1).
  struct Window {
    Role role;
    const Rank* rank;
    WindowRank cuts;
    int component;
  };

  [[nodiscard]] int component(int dim) const { return component_[static_cast<std::size_t>(dim)]; }
  [[nodiscard]] bool windowed(int dim) const {
    return std::any_of(in_window_.begin(), in_window_.end(),
                       [dim](const auto& dims) { return dims[static_cast<std::size_t>(dim)]; });
  }

  void find_windows() {
    for (const Role role : kAllRoles) {
      for (const Rank& rank : problem_.tensor(role).ranks) {
        if (!is_window(problem_, rank)) {
          continue;
        }
        windows_.push_back({role, &rank, WindowRank(problem_, rank), -1});
        axes_.exact = axes_.exact && !windows_.back().cuts.overlaps();
        int first = -1;
        for (const Term& term : rank.terms) {
          in_window_[at(role)][static_cast<std::size_t>(term.dim)] = true;
          if (problem_.size(term.dim) > 1) {
            first = first < 0 ? term.dim : first;
            join(first, term.dim);
          }
        }
        windows_.back().component = first;
      }
    }
    for (Window& window : windows_) {
      window.component = window.component < 0 ? -1 : component(window.component);
    }
  }

  void join(int a, int b) {
    const int from = std::max(component(a), component(b));
    const int to = std::min(component(a), component(b));
    std::replace(component_.begin(), component_.end(), from, to);
  }

  void add_axis(SlopeAxis axis) {
    axes_.tiles = saturating_mul(axes_.tiles, std::ssize(axis.options));
    refuse_above_limit(axes_.tiles);
    axes_.axes.push_back(std::move(axis));
  }

  // Which tensors mention the dim, one bit each.
  [[nodiscard]] unsigned mask_of(int dim) const {
    unsigned mask = 0;
    for (const Role role : kAllRoles) {
      mask |= relevant(problem_.tensor(role), dim) ? 1U << at(role) : 0U;
    }
    return mask;
  }

  void add_plain_axes() {
    for (unsigned mask = 1; mask < 8; ++mask) {
      std::int64_t size = 1;
      std::vector<std::int64_t> tiles = {1};
      for (int dim = 0; dim < problem_.rank(); ++dim) {
        if (problem_.size(dim) == 1 || windowed(dim) || mask_of(dim) != mask) {
          continue;
        }
        size *= problem_.size(dim);
        if (mask != 7) {
          tiles = products(tiles, divisors_of(problem_.size(dim)));
        }
      }
      axes_.groups = mask == 7 ? size : axes_.groups;
      if (mask != 7 && size > 1) {
        add_plain_axis(mask, size, tiles);
      }
    }
  }

  static std::vector<std::int64_t> products(const std::vector<std::int64_t>& a,
                                            const std::vector<std::int64_t>& b) {
    std::vector<std::int64_t> all;
    for (const std::int64_t x : a) {
      for (const std::int64_t y : b) {
        all.push_back(x * y);
      }
    }
    std::sort(all.begin(), all.end());
    all.erase(std::unique(all.begin(), all.end()), all.end());
    return all;
  }

  void add_plain_axis(unsigned mask, std::int64_t size, const std::vector<std::int64_t>& tiles) {
    SlopeAxis axis;
    for (const std::int64_t tile : tiles) {
      SlopeOption option;
      for (const Role role : kAllRoles) {
        const std::int64_t trips = size / tile;
        const bool mentions = (mask >> at(role) & 1U) != 0;
        option.parts[at(role)] = {
            .words = mentions ? tile : 1, .trips = mentions ? 1 : trips, .moves = mentions && trips > 1};
        option.only[at(role)] = mask == 1U << at(role) ? trips : 1;
      }
      axis.options.push_back(option);
    }
    add_axis(std::move(axis));
  }

  // All combinations of tiles of the dims that hang together through windows.
  void add_window_axis(int root) {
    std::vector<int> dims;
    std::vector<std::vector<std::int64_t>> divisors;
    std::int64_t options = 1;
    for (int dim = root; dim < problem_.rank(); ++dim) {
      if (component(dim) == root && problem_.size(dim) > 1) {
        dims.push_back(dim);
        divisors.push_back(divisors_of(problem_.size(dim)));
        options = saturating_mul(options, std::ssize(divisors.back()));
        refuse_above_limit(options);
      }
    }
    if (dims.empty()) {
      return;
    }
    SlopeAxis axis;
    for (const Window& window : windows_) {
      if (window.component == root) {
        WEFT_ENSURE(!axis.windowed[at(window.role)], "windows of one tensor that share dims with another's");
        axis.windowed[at(window.role)] = true;
      }
    }
    DimExtents tile;
    tile.fill(1);
    for (std::int64_t index = 0; index < options; ++index) {
      std::int64_t rest = index;
      for (std::size_t d = 0; d < dims.size(); ++d) {
        const auto count = std::ssize(divisors[d]);
        tile[static_cast<std::size_t>(dims[d])] = divisors[d][static_cast<std::size_t>(rest % count)];
        rest /= count;
      }
      axis.options.push_back(cut(dims, root, tile));
    }
    add_axis(std::move(axis));
  }

  using DimExtents = std::array<std::int64_t, kMaxDims>;

  [[nodiscard]] SlopeOption cut(const std::vector<int>& dims, int root, const DimExtents& tile) const {
    SlopeOption option;
    for (const int dim : dims) {
      const std::int64_t extent = tile[static_cast<std::size_t>(dim)];
      const std::int64_t trips = problem_.size(dim) / extent;
      for (const Role role : kAllRoles) {
        SlopePart& part = option.parts[at(role)];
        const bool mentions = relevant(problem_.tensor(role), dim);
        part.trips *= mentions ? 1 : trips;
        part.moves = part.moves || (mentions && trips > 1);
        part.words *= mentions && !in_window_[at(role)][static_cast<std::size_t>(dim)] ? extent : 1;
        option.only[at(role)] *= mask_of(dim) == 1U << at(role) ? trips : 1;
      }
    }
    for (const Window& window : windows_) {
      if (window.component == root) {
        SlopePart& part = option.parts[at(window.role)];
        part.window = cut(window, tile);
        part.words *= words_along(*window.rank, tile);
      }
    }
    return option;
  }

  static SlopeWindow cut(const Window& window, const DimExtents& tile) {
    const auto extent = [&tile](const Term& term) {
      return term.dim < 0 ? 1 : tile[static_cast<std::size_t>(term.dim)];
    };
    return window.cuts.cut(extent(window.cuts.position()), extent(window.cuts.tap()));
  }

  static std::int64_t words_along(const Rank& rank, const DimExtents& tile) {
    struct Extents {
      const DimExtents& tile;
      std::int64_t operator[](int dim) const { return tile[static_cast<std::size_t>(dim)]; }
    };
    return coordinates_inside(rank, Extents{tile});
  }

  // Ranks with padding whose dims all have size 1: they hold one word, or none.
  void add_still_windows() {
    for (const Window& window : windows_) {
      axes_.plain[at(window.role)] *= window.component < 0 ? window.cuts.cut(1, 1).distinct : 1;
    }
  }

  const Problem& problem_;
  SlopeAxes axes_;
  std::vector<Window> windows_;
  std::array<int, kMaxDims> component_{};
  PerRole<std::array<bool, kMaxDims>> in_window_{};
};

}  // namespace

SlopeAxes slope_axes(const Problem& problem) {
  return Finder(problem).find();
}

}  // namespace weft
