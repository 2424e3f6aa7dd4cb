// Checks a mapping against constraints. Nothing in violates() allocates: searches call it per candidate.
// SPDX-License-Identifier: Apache-2.0
#include "mapper/constraints.hpp"

#include <algorithm>
#include <cmath>

#include "base/error.hpp"
#include "dataflow/tile_extents.hpp"

namespace weft {

namespace {

constexpr double kMillion = 1e6;

// Product of the bounds of each dim's loops of one kind.
TileExtents temporal_products(const LevelMapping& level) {
  TileExtents products;
  for (const Loop& loop : level.temporal) {
    products.multiply(loop.dim, loop.bound);
  }
  return products;
}

TileExtents spatial_products(const LevelMapping& level, Axis axis) {
  TileExtents products;
  for (const SpatialLoop& loop : level.spatial) {
    products.multiply(loop.dim, loop.axis == axis ? loop.bound : 1);
  }
  return products;
}

std::optional<Violation> outside(const TileExtents& values, const DimRanges& ranges, const Problem& problem,
                                 Violation found) {
  for (int d = 0; d < problem.rank(); ++d) {
    const Range& range = ranges[static_cast<std::size_t>(d)];
    if (!range.contains(values[d])) {
      found.index = d;
      found.has = values[d];
      found.allowed = range;
      return found;
    }
  }
  return std::nullopt;
}

std::optional<Violation> check_bounds(const Constraints& c, const Mapping& mapping, const Problem& problem) {
  for (std::size_t l = 0; l < mapping.levels.size(); ++l) {
    const auto found = outside(temporal_products(mapping.levels[l]), c.levels[l].temporal, problem,
                               {.rule = Rule::kTemporal, .level = static_cast<int>(l)});
    if (found) {
      return found;
    }
  }
  for (std::size_t l = 0; l < mapping.levels.size(); ++l) {
    for (const Axis axis : {Axis::kX, Axis::kY}) {
      const auto found = outside(spatial_products(mapping.levels[l], axis),
                                 c.levels[l].spatial[static_cast<std::size_t>(axis)], problem,
                                 {.rule = Rule::kSpatial, .level = static_cast<int>(l), .axis = axis});
      if (found) {
        return found;
      }
    }
  }
  return std::nullopt;
}

// Walks outwards with the tile growing, so the last violation met is the outermost one.
std::optional<Violation> check_extents(const Constraints& c, const Mapping& mapping, const Problem& problem) {
  std::optional<Violation> found;
  TileExtents inside;
  for (std::size_t l = mapping.levels.size(); l-- > 0;) {
    inside.enclose(mapping.levels[l]);
    const auto here = outside(inside.clipped(problem), c.levels[l].extent, problem,
                              {.rule = Rule::kExtent, .level = static_cast<int>(l)});
    found = here ? here : found;
  }
  return found;
}

std::optional<Violation> check_order(const Constraints& c, const Mapping& mapping) {
  for (std::size_t l = 0; l < mapping.levels.size(); ++l) {
    int place = std::numeric_limits<int>::min();
    for (const Loop& loop : mapping.levels[l].temporal) {
      const int here = c.levels[l].place[static_cast<std::size_t>(loop.dim)];
      if (loop.bound > 1 && here < place) {
        return Violation{
            .rule = Rule::kOrder, .level = static_cast<int>(l), .index = loop.dim, .has = loop.bound};
      }
      place = loop.bound > 1 ? here : place;
    }
  }
  return std::nullopt;
}

std::optional<Violation> check_keep(const Constraints& c, const Mapping& mapping) {
  for (std::size_t l = 0; l < mapping.levels.size(); ++l) {
    for (const Role role : kAllRoles) {
      const auto r = static_cast<std::size_t>(index_of(role));
      const bool keeps = mapping.levels[l].keep[r];
      if (c.levels[l].keep[r].value_or(keeps) != keeps) {
        return Violation{
            .rule = Rule::kKeep, .level = static_cast<int>(l), .index = index_of(role), .has = keeps ? 1 : 0};
      }
    }
  }
  return std::nullopt;
}

// From the outermost loop in: what is left of each dim, and the product of the bounds further in.
class Factors {
 public:
  Factors(const Mapping& mapping, const Problem& problem) : problem_(problem) {
    for (const LevelMapping& level : mapping.levels) {
      inside_.enclose(level);
    }
    for (int d = 0; d < problem.rank(); ++d) {
      left_[static_cast<std::size_t>(d)] = problem.size(d);
      stride_[static_cast<std::size_t>(d)] = inside_[d];
    }
  }
  // Enters a loop. False: it does not cut what is left into equal tiles.
  bool enter(int dim, std::int64_t bound) {
    const auto d = static_cast<std::size_t>(dim);
    stride_[d] /= bound;
    const bool equal = left_[d] == saturating_mul(stride_[d], bound);
    left_[d] = std::min(left_[d], stride_[d]);
    return equal;
  }

 private:
  const Problem& problem_;
  TileExtents inside_;
  std::array<std::int64_t, kMaxDims> left_{};
  std::array<std::int64_t, kMaxDims> stride_{};
};

std::optional<Violation> check_factors(const Constraints& c, const Mapping& mapping, const Problem& problem) {
  if (!c.perfect && !c.perfect_temporal) {
    return std::nullopt;
  }
  Factors factors(mapping, problem);
  for (std::size_t l = 0; l < mapping.levels.size(); ++l) {
    for (const Loop& loop : mapping.levels[l].temporal) {
      if (!factors.enter(loop.dim, loop.bound) && loop.bound > 1) {
        return Violation{
            .rule = Rule::kFactors, .level = static_cast<int>(l), .index = loop.dim, .has = loop.bound};
      }
    }
    for (const SpatialLoop& loop : mapping.levels[l].spatial) {
      if (!factors.enter(loop.dim, loop.bound) && c.perfect && loop.bound > 1) {
        return Violation{.rule = Rule::kFactors,
                         .level = static_cast<int>(l),
                         .index = loop.dim,
                         .axis = loop.axis,
                         .has = loop.bound};
      }
    }
  }
  return std::nullopt;
}

// Iterations of one dim's temporal loops with all spatial digits zero, outermost first: whole rounds of a
// loop run everything inside, the last one is cut where the dim ends.
double iterations(const Mapping& mapping, const Problem& problem, int dim) {
  std::int64_t stride = 1;
  double inside = 1;  // iterations of the temporal loops further in
  for (const LevelMapping& level : mapping.levels) {
    for (const Loop& loop : level.temporal) {
      stride = loop.dim == dim ? saturating_mul(stride, loop.bound) : stride;
      inside *= loop.dim == dim ? static_cast<double>(loop.bound) : 1.0;
    }
    for (const SpatialLoop& loop : level.spatial) {
      stride = loop.dim == dim ? saturating_mul(stride, loop.bound) : stride;
    }
  }
  double total = 0;
  std::int64_t left = problem.size(dim);
  for (const LevelMapping& level : mapping.levels) {
    for (const Loop& loop : level.temporal) {
      if (loop.dim == dim) {
        stride /= loop.bound;
        inside /= static_cast<double>(loop.bound);
        const std::int64_t whole = std::min(loop.bound, left / stride);
        total += static_cast<double>(whole) * inside;
        left = whole < loop.bound ? left - whole * stride : 0;
      }
    }
    for (const SpatialLoop& loop : level.spatial) {
      if (loop.dim == dim) {
        stride /= loop.bound;
        left = std::min(left, stride);
      }
    }
  }
  return left > 0 ? total + inside : total;
}

std::optional<Violation> check_utilization(const Constraints& c, const Mapping& mapping,
                                           const Problem& problem, const Accelerator& accelerator) {
  if (c.min_utilization <= 0) {
    return std::nullopt;
  }
  const double share = array_utilization(mapping, problem, accelerator);
  // Shares are quotients of whole numbers: rounding of a double is far below one part in a billion.
  if (share >= c.min_utilization * (1 - 1e-9)) {
    return std::nullopt;
  }
  return Violation{.rule = Rule::kUtilization,
                   .has = static_cast<std::int64_t>(share * kMillion),
                   .allowed = {.low = static_cast<std::int64_t>(std::ceil(c.min_utilization * kMillion)),
                               .high = static_cast<std::int64_t>(kMillion)}};
}

}  // namespace

Constraints no_constraints(const Accelerator& accelerator) {
  Constraints constraints;
  constraints.levels.resize(accelerator.levels.size());
  return constraints;
}

double array_utilization(const Mapping& mapping, const Problem& problem, const Accelerator& accelerator) {
  double share = 1;
  for (int d = 0; d < problem.rank(); ++d) {
    share *= static_cast<double>(problem.size(d)) / iterations(mapping, problem, d);
  }
  for (const StorageLevel& level : accelerator.levels) {
    share /= static_cast<double>(level.fanout.x) * static_cast<double>(level.fanout.y);
  }
  return share;
}

std::optional<Violation> violates(const Constraints& constraints, const Mapping& mapping,
                                  const Problem& problem, const Accelerator& accelerator) {
  WEFT_ENSURE(constraints.levels.size() == mapping.levels.size(), "constraints of another accelerator");
  if (auto found = check_bounds(constraints, mapping, problem)) {
    return found;
  }
  if (auto found = check_extents(constraints, mapping, problem)) {
    return found;
  }
  if (auto found = check_order(constraints, mapping)) {
    return found;
  }
  if (auto found = check_keep(constraints, mapping)) {
    return found;
  }
  if (auto found = check_factors(constraints, mapping, problem)) {
    return found;
  }
  return check_utilization(constraints, mapping, problem, accelerator);
}

}  // namespace weft
