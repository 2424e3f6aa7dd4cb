// SPDX-License-Identifier: Apache-2.0
#include "mapper/exact/parts.hpp"

#include <algorithm>
#include <array>
#include <numeric>
#include <unordered_map>
#include <utility>

#include <boost/functional/hash.hpp>

#include "mapper/exact/axes.hpp"

namespace weft::exact {

namespace {

constexpr std::size_t kMaxOptions = 400000;
constexpr std::int64_t kMaxWindow = 1 << 16;  // windows are counted tile by tile at their borders

std::vector<std::vector<int>> groups(const Problem& problem) {
  std::vector<int> group(static_cast<std::size_t>(problem.rank()));
  for (std::size_t d = 0; d < group.size(); ++d) {
    group[d] = static_cast<int>(d);
  }
  for (const TensorShape& tensor : problem.tensors) {
    for (const Rank& rank : tensor.ranks) {
      int first = -1;
      for (const Term& term : rank.terms) {
        if (problem.size(term.dim) == 1) {
          continue;
        }
        const int own = group[static_cast<std::size_t>(term.dim)];
        if (first >= 0) {
          std::replace(group.begin(), group.end(), own, first);
        }
        first = group[static_cast<std::size_t>(term.dim)];
      }
    }
  }
  std::vector<std::vector<int>> result;
  for (int leader = 0; leader < problem.rank(); ++leader) {
    std::vector<int> dims;
    for (int d = 0; d < problem.rank(); ++d) {
      if (group[static_cast<std::size_t>(d)] == leader && problem.size(d) > 1) {
        dims.push_back(d);
      }
    }
    if (!dims.empty()) {
      result.push_back(std::move(dims));
    }
  }
  return result;
}

bool windows_too_long(const Problem& problem) {
  for (const TensorShape& tensor : problem.tensors) {
    for (const Rank& rank : tensor.ranks) {
      for (const Term& term : rank.terms) {
        const bool line = rank.terms.size() == 1 && rank.offset == 0 &&
                          term.coeff * (problem.size(term.dim) - 1) < rank.extent;
        if (!line && problem.size(term.dim) > kMaxWindow) {
          return true;
        }
      }
    }
  }
  return false;
}

// A loop outside the innermost level of a dim that no tensor there mentions could as well be its outermost
// loop: every other tile stays, and what the level keeps is fetched no more often.
bool could_move_in(const MapSpace& space, int dim, const Chain& chain) {
  const int inner = space.depth() - 1;
  if (inner < 1) {
    return false;
  }
  const auto outside = static_cast<std::size_t>(inner - 1);
  bool kept = false;
  for (const Role role : kAllRoles) {
    kept = kept || (space.level(inner).can_keep[static_cast<std::size_t>(index_of(role))] &&
                    relevant(space.problem().tensor(role), dim));
  }
  return !kept && inner > 1 && chain.time[outside] > 1 && chain.x[outside] == 1 && chain.y[outside] == 1;
}

// What constraints say about one dim alone.
bool permitted(const MapSpace& space, int dim, const Chain& chain) {
  const Constraints* constraints = space.constraints();
  if (constraints == nullptr) {
    return true;
  }
  const auto d = static_cast<std::size_t>(dim);
  const std::int64_t size = space.problem().size(dim);
  for (int level = 0; level < space.depth(); ++level) {
    const auto l = static_cast<std::size_t>(level);
    const LevelRules& rules = constraints->levels[l];
    const std::int64_t extent = std::min(extent_of(chain, level, space.depth()), size);
    if (!rules.temporal[d].contains(chain.time[l]) || !rules.spatial[0][d].contains(chain.x[l]) ||
        !rules.spatial[1][d].contains(chain.y[l]) || !rules.extent[d].contains(extent)) {
      return false;
    }
  }
  return !constraints->perfect || extent_of(chain, 0, space.depth()) == size;
}

using Mirror = std::array<int, kMaxDims>;  // [dim]: its image

// The rank's offset and extent, and its terms by dim.
std::vector<std::int64_t> mirrored(const Problem& problem, const Rank& rank, const Mirror& mirror) {
  std::vector<std::pair<int, std::int64_t>> terms;
  for (const Term& term : rank.terms) {
    if (problem.size(term.dim) == 1) {
      continue;
    }
    terms.emplace_back(mirror[static_cast<std::size_t>(term.dim)], term.coeff);
  }
  std::sort(terms.begin(), terms.end());
  std::vector<std::int64_t> result = {rank.offset, rank.extent};
  for (const auto& [dim, coeff] : terms) {
    result.push_back(dim);
    result.push_back(coeff);
  }
  return result;
}

std::vector<std::vector<std::int64_t>> mirrored(const Problem& problem, const TensorShape& tensor,
                                                const Mirror& mirror) {
  std::vector<std::vector<std::int64_t>> result;
  for (const Rank& rank : tensor.ranks) {
    result.push_back(mirrored(problem, rank, mirror));
  }
  std::sort(result.begin(), result.end());
  return result;
}

// Which splits of a part's dims alone fill no fan-out beyond its axes, and no memory beyond its room with
// what it has to keep?
class Room {
 public:
  Room(const MapSpace& space, const AxesAlike& alike, const std::vector<int>& dims)
      : space_(space), alike_(alike), dims_(dims) {}

  [[nodiscard]] bool may_fit(const Split& option) {
    for (int level = 0; level < space_.depth(); ++level) {
      const MapSpace::Level& here = space_.level(level);
      const auto l = static_cast<std::size_t>(level);
      Rectangle taken;
      for (const Chain& chain : option) {
        taken.columns *= chain.x[l];
        taken.rows *= chain.y[l];
      }
      const auto has_room = [&](const Rectangle& sides) {
        return sides.columns <= here.fan_out[0] && sides.rows <= here.fan_out[1];
      };
      if (!has_room(taken) && !(alike_[l] && any_has_room(option, level, has_room))) {
        return false;
      }
      if (level > 0 && !holds(level, option)) {
        return false;
      }
    }
    return true;
  }

 private:
  template <typename HasRoom>
  bool any_has_room(const Split& option, int level, const HasRoom& has_room) const {
    const AxisShares all = shares(space_, dims_, option, level);
    return std::any_of(all.begin(), all.end(), [&](const AxisShare& one) { return has_room(one.sides); });
  }

  // Many splits have the same tile.
  bool holds(int level, const Split& option) {
    Tile tile{level, {}};
    for (std::size_t d = 0; d < dims_.size(); ++d) {
      tile.second[d] = std::min(extent_of(option[d], level, space_.depth()), space_.problem().size(dims_[d]));
    }
    const auto [known, is_new] = known_.try_emplace(tile, false);
    if (is_new) {
      DimArray extents;
      extents.fill(1);
      for (std::size_t d = 0; d < dims_.size(); ++d) {
        extents[static_cast<std::size_t>(dims_[d])] = tile.second[d];
      }
      known->second = space_.fits(level, space_.level(level).must_keep, extents);
    }
    return known->second;
  }

  using Tile = std::pair<int, std::array<std::int64_t, 2>>;  // level, [dim of the part]: extent
  const MapSpace& space_;
  const AxesAlike& alike_;
  const std::vector<int>& dims_;
  std::unordered_map<Tile, bool, boost::hash<Tile>> known_;
};

// May both dims be spread over the same axes of every fan-out?
bool same_axes(const MapSpace& space, int a, int b) {
  for (int level = 0; level < space.depth(); ++level) {
    for (const std::vector<int>& dims : space.level(level).spatial_dims) {
      const auto on = [&](int dim) { return std::find(dims.begin(), dims.end(), dim) != dims.end(); };
      if (on(a) != on(b)) {
        return false;
      }
    }
  }
  return true;
}

}  // namespace

bool twins(const MapSpace& space, const Part& a, const Part& b) {
  const Problem& problem = space.problem();
  if (a.dims.size() != b.dims.size() || a.options != b.options) {
    return false;
  }
  Mirror same{};
  std::iota(same.begin(), same.end(), 0);
  Mirror swapped = same;
  for (std::size_t i = 0; i < a.dims.size(); ++i) {
    if (problem.size(a.dims[i]) != problem.size(b.dims[i]) || !same_axes(space, a.dims[i], b.dims[i])) {
      return false;
    }
    swapped[static_cast<std::size_t>(a.dims[i])] = b.dims[i];
    swapped[static_cast<std::size_t>(b.dims[i])] = a.dims[i];
  }
  return std::all_of(problem.tensors.begin(), problem.tensors.end(), [&](const TensorShape& tensor) {
    return mirrored(problem, tensor, same) == mirrored(problem, tensor, swapped);
  });
}

std::optional<std::vector<Part>> make_parts(const MapSpace& space, bool innermost, const AxesAlike& alike) {
  if (space.depth() > kMaxDepth || windows_too_long(space.problem())) {
    return std::nullopt;
  }
  std::vector<Part> parts;
  for (const std::vector<int>& dims : groups(space.problem())) {
    if (dims.size() > 2) {
      return std::nullopt;
    }
    Part part{dims, {Split{}}};
    for (const int dim : dims) {
      std::vector<Chain> own = chains(space, dim, kMaxOptions, alike);
      if (innermost) {
        std::erase_if(own, [&](const Chain& chain) { return could_move_in(space, dim, chain); });
      }
      const bool any = !own.empty();
      std::erase_if(own, [&](const Chain& chain) { return !permitted(space, dim, chain); });
      if (any && own.empty()) {
        return std::vector<Part>{{dims, {}}};  // nothing is permitted
      }
      if (own.empty() || own.size() * part.options.size() > kMaxOptions) {
        return std::nullopt;
      }
      std::vector<Split> options;
      options.reserve(own.size() * part.options.size());
      for (const Split& before : part.options) {
        for (const Chain& chain : own) {
          options.push_back(before);
          options.back().push_back(chain);
        }
      }
      part.options = std::move(options);
    }
    parts.push_back(std::move(part));
  }
  // Windows come last in problems; deciding first what has most to decide leaves fewer nodes.
  std::reverse(parts.begin(), parts.end());
  return parts;
}

void leave_out_misfits(const MapSpace& space, const AxesAlike& alike, std::vector<Part>& parts) {
  for (Part& part : parts) {
    Room room(space, alike, part.dims);
    std::erase_if(part.options, [&](const auto& option) { return !room.may_fit(option); });
  }
}

std::vector<std::vector<int>> dims_of(const std::vector<Part>& parts) {
  std::vector<std::vector<int>> dims;
  for (const Part& part : parts) {
    dims.push_back(part.dims);
  }
  return dims;
}

PerRole<std::vector<bool>> slides_of(const Problem& problem, const std::vector<Part>& parts) {
  PerRole<std::vector<bool>> slides;
  for (std::size_t r = 0; r < kRoles; ++r) {
    for (const Part& part : parts) {
      slides[r].push_back(std::any_of(problem.tensors[r].ranks.begin(), problem.tensors[r].ranks.end(),
                                      [&](const Rank& rank) { return part.terms_of(rank) > 1; }));
    }
  }
  return slides;
}

}  // namespace weft::exact
