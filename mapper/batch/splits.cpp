// SPDX-License-Identifier: Apache-2.0
#include "mapper/batch/splits.hpp"

#include <algorithm>
#include <tuple>

#include "base/checked.hpp"
#include "dataflow/legality.hpp"
#include "dataflow/tile_extents.hpp"

namespace weft::batch {

bool operator==(const Quantity& a, const Quantity& b) {
  const auto key = [](const Quantity& q) {
    return std::tuple(q.kind, q.boundary.role, q.boundary.parent, q.boundary.child, q.scope, q.visits,
                      q.level, q.index);
  };
  return key(a) == key(b);
}

std::vector<Place> places_outside(const Structure& structure, int child) {
  std::vector<Place> places;
  for (int level = 0; level < std::min(child, static_cast<int>(structure.orders.size())); ++level) {
    for (const int dim : structure.orders[static_cast<std::size_t>(level)]) {
      places.push_back({level, dim});
    }
  }
  return places;
}

bool contains(const std::vector<int>& dims, int dim) {
  return std::find(dims.begin(), dims.end(), dim) != dims.end();
}

void add_loops(const Structure& structure, const Part& part, std::span<const exact::Chain> option,
               Mapping& mapping) {
  for (std::size_t level = 0; level < mapping.levels.size(); ++level) {
    for (const int dim : structure.orders[level]) {
      for (std::size_t d = 0; d < part.dims.size(); ++d) {
        if (part.dims[d] == dim && option[d].time[level] != 1) {
          mapping.levels[level].temporal.push_back({dim, option[d].time[level]});
        }
      }
    }
    for (const Axis axis : {Axis::kX, Axis::kY}) {
      for (std::size_t d = 0; d < part.dims.size(); ++d) {
        const std::int64_t bound = axis == Axis::kX ? option[d].x[level] : option[d].y[level];
        if (bound != 1) {
          mapping.levels[level].spatial.push_back({part.dims[d], bound, axis});
        }
      }
    }
  }
}

bool is_useful(const Subject& subject, const std::vector<int>& dims, const Mapping& mapping) {
  const Problem& problem = subject.problem();
  TileExtents inside;
  const auto take = [&](int dim, std::int64_t bound) {
    const bool fine = bound >= 1 && bound <= ceil_div(problem.size(dim), inside[dim]);
    inside.multiply(dim, bound);
    return fine;
  };
  for (int level = subject.accelerator().depth() - 1; level >= 0; --level) {
    const LevelMapping& loops = mapping.levels[static_cast<std::size_t>(level)];
    for (auto loop = loops.spatial.rbegin(); loop != loops.spatial.rend(); ++loop) {
      const auto& words = subject.level(level).fanout.allowed_dims[static_cast<std::size_t>(loop->axis)];
      if (!may_spread(problem, loop->dim, words) || !take(loop->dim, loop->bound)) {
        return false;
      }
    }
    for (auto loop = loops.temporal.rbegin(); loop != loops.temporal.rend(); ++loop) {
      if (!take(loop->dim, loop->bound)) {
        return false;
      }
    }
  }
  return std::all_of(dims.begin(), dims.end(), [&](int dim) { return inside[dim] >= problem.size(dim); });
}

Mapping mapping_of(const Structure& structure, const std::vector<Part>& parts,
                   const std::vector<std::size_t>& options) {
  Mapping mapping;
  for (const PerRole<bool>& keep : structure.keep) {
    mapping.levels.push_back({{}, {}, keep});
  }
  // Level by level in the order of the structure, whichever part a dim belongs to.
  Part all;
  std::vector<exact::Chain> split;
  for (std::size_t p = 0; p < parts.size(); ++p) {
    all.dims.insert(all.dims.end(), parts[p].dims.begin(), parts[p].dims.end());
    const auto& option = parts[p].options[options[p]];
    split.insert(split.end(), option.begin(), option.end());
  }
  add_loops(structure, all, split, mapping);
  return mapping;
}

namespace {

// Dims larger than 1, ascending.
std::vector<int> dims_to_split(const Problem& problem) {
  std::vector<int> dims;
  for (int dim = 0; dim < problem.rank(); ++dim) {
    if (problem.size(dim) > 1) {
      dims.push_back(dim);
    }
  }
  return dims;
}

bool same_dims(std::vector<int> some, const std::vector<int>& all) {
  std::sort(some.begin(), some.end());
  return some == all;
}

// Is one of the dims of a rank in the part, and another, larger than 1, not?
bool tears(const Problem& problem, const Part& part) {
  return std::any_of(problem.tensors.begin(), problem.tensors.end(), [&](const TensorShape& tensor) {
    return std::any_of(tensor.ranks.begin(), tensor.ranks.end(), [&](const Rank& rank) {
      const auto inside = [&](const Term& term) { return contains(part.dims, term.dim); };
      const auto outside = [&](const Term& term) { return problem.size(term.dim) > 1 && !inside(term); };
      return std::any_of(rank.terms.begin(), rank.terms.end(), inside) &&
             std::any_of(rank.terms.begin(), rank.terms.end(), outside);
    });
  });
}

}  // namespace

std::string malformed(const Subject& subject, const std::vector<Part>& parts) {
  const auto depth = static_cast<std::size_t>(subject.accelerator().depth());
  if (depth > static_cast<std::size_t>(exact::kMaxDepth) || subject.structure.keep.size() != depth ||
      subject.structure.orders.size() != depth) {
    return "the structure has other levels than the machine";
  }
  const std::vector<int> dims = dims_to_split(subject.problem());
  std::vector<int> in_parts;
  for (const Part& part : parts) {
    in_parts.insert(in_parts.end(), part.dims.begin(), part.dims.end());
    const bool complete = std::all_of(part.options.begin(), part.options.end(),
                                      [&](const auto& option) { return option.size() == part.dims.size(); });
    if (part.options.empty() || !complete) {
      return "an option splits every dim of its part";
    }
    if (tears(subject.problem(), part)) {
      return "dims that share a rank belong to the same part";
    }
  }
  if (!same_dims(in_parts, dims)) {
    return "every dim larger than 1 belongs to one part";
  }
  const auto& orders = subject.structure.orders;
  const bool ordered = std::all_of(orders.begin(), orders.end(),
                                   [&](const std::vector<int>& order) { return same_dims(order, dims); });
  return ordered ? "" : "an order names every dim larger than 1 once";
}

}  // namespace weft::batch
