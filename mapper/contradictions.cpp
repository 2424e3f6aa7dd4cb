// Necessary conditions, each on the loosest mapping that the other rules allow.
// SPDX-License-Identifier: Apache-2.0
#include "mapper/contradictions.hpp"

#include <algorithm>
#include <cmath>

#include "base/checked.hpp"
#include "dataflow/legality.hpp"
#include "dataflow/tile_extents.hpp"

namespace weft {

namespace {

constexpr std::int64_t kMost = std::numeric_limits<std::int64_t>::max();
constexpr std::array<Axis, 2> kAxes = {Axis::kX, Axis::kY};

class Finder {
 public:
  Finder(const Constraints& constraints, const Problem& problem, const Accelerator& accelerator)
      : c_(constraints), problem_(problem), machine_(accelerator) {}

  std::vector<Contradiction> run() {
    for (int d = 0; d < problem_.rank(); ++d) {
      over_dim(d);
      reach(d);
      divisors(d);
    }
    for (int l = 0; l < machine_.depth(); ++l) {
      fan_out(l);
      keeping(l);
      capacity(l);
    }
    utilization();
    return std::move(found_);
  }

 private:
  [[nodiscard]] const LevelRules& rules(int level) const {
    return c_.levels[static_cast<std::size_t>(level)];
  }
  [[nodiscard]] const StorageLevel& storage(int level) const {
    return machine_.levels[static_cast<std::size_t>(level)];
  }
  [[nodiscard]] std::int64_t units(int level, Axis axis) const {
    return axis == Axis::kX ? storage(level).fanout.x : storage(level).fanout.y;
  }
  [[nodiscard]] const Range& spatial(int level, Axis axis, int dim) const {
    return rules(level).spatial[static_cast<std::size_t>(axis)][static_cast<std::size_t>(dim)];
  }
  [[nodiscard]] bool can_spread(int level, Axis axis, int dim) const {
    return may_spread(problem_, dim, storage(level).fanout.allowed_dims[static_cast<std::size_t>(axis)]);
  }
  // The most instances a dim may take on an axis.
  [[nodiscard]] std::int64_t most(int level, Axis axis, int dim) const {
    const std::int64_t high =
        std::min({spatial(level, axis, dim).high, units(level, axis), problem_.size(dim)});
    return can_spread(level, axis, dim) ? high : 1;
  }

  // A loop iterates usefully up to ceil(size / stride); the stride is least with the least bounds inside.
  void over_dim(int dim) {
    const auto d = static_cast<std::size_t>(dim);
    std::int64_t stride = 1;
    for (int l = machine_.depth() - 1; l >= 0; --l) {
      const std::int64_t left = ceil_div(problem_.size(dim), stride);
      const std::int64_t x = spatial(l, Axis::kX, dim).low;
      const std::int64_t y = spatial(l, Axis::kY, dim).low;
      const bool spreads = (x <= left && y <= ceil_div(left, x)) || (y <= left && x <= ceil_div(left, y));
      stride = saturating_mul(stride, saturating_mul(x, y));
      const std::int64_t rest = ceil_div(problem_.size(dim), stride);
      const std::int64_t time = rules(l).temporal[d].low;
      if (!spreads || time > rest) {
        found_.push_back({Conflict::kOverDim, l, dim, Axis::kX, spreads ? time : saturating_mul(x, y),
                          spreads ? rest : left});
        return;
      }
      stride = saturating_mul(stride, time);
      if (rules(l).extent[d].low > problem_.size(dim)) {
        found_.push_back({Conflict::kOverDim, l, dim, Axis::kX, rules(l).extent[d].low, problem_.size(dim)});
        return;
      }
    }
  }

  // Largest and smallest tile of each level against its range, and the whole dim at the end.
  void reach(int dim) {
    const auto d = static_cast<std::size_t>(dim);
    const std::int64_t size = problem_.size(dim);
    std::int64_t least = 1;
    std::int64_t largest = 1;
    for (int l = machine_.depth() - 1; l >= 0; --l) {
      for (const Axis axis : kAxes) {
        least = saturating_mul(least, spatial(l, axis, dim).low);
        largest = saturating_mul(largest, most(l, axis, dim));
      }
      least = std::min(size, saturating_mul(least, rules(l).temporal[d].low));
      largest = std::min(size, saturating_mul(largest, rules(l).temporal[d].high));
      const Range& extent = rules(l).extent[d];
      if (l > 0 && (least > extent.high || largest < std::min(size, extent.low))) {
        const bool over = least > extent.high;
        found_.push_back(
            {Conflict::kTile, l, dim, Axis::kX, over ? least : extent.low, over ? extent.high : largest});
        return;
      }
      least = std::max(least, std::min(size, extent.low));
      largest = std::min(largest, extent.high);
    }
    if (largest < size) {
      found_.push_back({Conflict::kUnderDim, -1, dim, Axis::kX, size, largest});
    }
  }

  // Bounds asked for exactly have to divide together, where all factors have to.
  void divisors(int dim) {
    const auto d = static_cast<std::size_t>(dim);
    const std::int64_t size = problem_.size(dim);
    std::int64_t product = 1;
    bool none = false;
    const auto take = [&](const Range& range) {
      constexpr std::int64_t kTries = 100000;
      if (range.low == range.high) {
        product = saturating_mul(product, range.low);
      }
      bool divides = range.high - range.low > kTries;
      for (std::int64_t b = range.low; !divides && b <= range.high; ++b) {
        divides = size % b == 0;
      }
      none = none || !divides;
      return divides ? 0 : range.low;
    };
    std::int64_t culprit = 0;
    for (int l = 0; c_.perfect && l < machine_.depth(); ++l) {
      for (const Range& range :
           {rules(l).temporal[d], spatial(l, Axis::kX, dim), spatial(l, Axis::kY, dim)}) {
        const std::int64_t bad = take(range);
        culprit = bad > 0 && culprit == 0 ? bad : culprit;
      }
    }
    if (none || (product <= size && size % product != 0)) {
      found_.push_back({Conflict::kNoDivisor, -1, dim, Axis::kX, none ? culprit : product, size});
    }
  }

  void fan_out(int level) {
    for (const Axis axis : kAxes) {
      std::int64_t needed = 1;
      for (int dim = 0; dim < problem_.rank(); ++dim) {
        const std::int64_t low = spatial(level, axis, dim).low;
        needed = saturating_mul(needed, low);
        if (low > 1 && !can_spread(level, axis, dim)) {
          found_.push_back({Conflict::kNotSpread, level, dim, axis, low, 1});
        }
      }
      if (needed > units(level, axis)) {
        found_.push_back({Conflict::kOverFanOut, level, -1, axis, needed, units(level, axis)});
      }
    }
  }

  void keeping(int level) {
    for (const Role role : kAllRoles) {
      const auto r = static_cast<std::size_t>(index_of(role));
      const bool can_hold = storage(level).memory_for(role) != nullptr;
      const bool must = can_hold && (level == 0 || !storage(level).may_bypass[r]);
      if (rules(level).keep[r] == true && !can_hold) {
        found_.push_back({Conflict::kCannotKeep, level, index_of(role)});
      }
      if (rules(level).keep[r] == false && must) {
        found_.push_back({Conflict::kMustKeep, level, index_of(role)});
      }
    }
  }

  // The tiles that the level has to keep, as small as the rules allow.
  void capacity(int level) {
    const StorageLevel& here = storage(level);
    const auto extents = least_extents(c_, problem_)[static_cast<std::size_t>(level)];
    for (std::size_t m = 0; m < here.memories.size(); ++m) {
      std::int64_t needed = 0;
      for (const Role role : kAllRoles) {
        const auto r = static_cast<std::size_t>(index_of(role));
        const bool kept = rules(level).keep[r].value_or(level == 0 || !here.may_bypass[r]);
        if (kept && here.memory_index(role) == static_cast<int>(m)) {
          const auto words = static_cast<double>(words_inside(problem_.tensor(role), extents));
          needed = saturating_add(needed, whole_bits(words * capacity_bits(machine_, problem_, level, role)));
        }
      }
      if (needed > usable_bits(here.memories[m])) {
        found_.push_back({Conflict::kCapacity, level, static_cast<int>(m), Axis::kX, needed,
                          usable_bits(here.memories[m])});
      }
    }
  }

  // Most instances of an axis that bounds of the dims allowed can fill.
  [[nodiscard]] std::int64_t fill(int level, Axis axis) const {
    constexpr std::int64_t kTable = 1 << 16;
    const std::int64_t room = units(level, axis);
    std::int64_t product = 1;
    for (int dim = 0; dim < problem_.rank(); ++dim) {
      product = std::min(room, saturating_mul(product, most(level, axis, dim)));
    }
    if (room > kTable || product == 1) {
      return product;
    }
    std::vector<bool> reached(static_cast<std::size_t>(room) + 1, false);
    reached[1] = true;
    for (int dim = 0; dim < problem_.rank(); ++dim) {
      const std::vector<bool> before = reached;
      std::fill(reached.begin(), reached.end(), false);
      const std::int64_t high = most(level, axis, dim);
      for (std::int64_t p = 1; p <= room; ++p) {
        for (std::int64_t b = spatial(level, axis, dim).low;
             before[static_cast<std::size_t>(p)] && b <= high && p * b <= room; ++b) {
          if (!c_.perfect || problem_.size(dim) % b == 0) {
            reached[static_cast<std::size_t>(p * b)] = true;
          }
        }
      }
    }
    for (std::int64_t p = room; p > 0; --p) {
      if (reached[static_cast<std::size_t>(p)]) {
        return p;
      }
    }
    return product;  // contradictory otherwise; reported elsewhere
  }

  void utilization() {
    double share = 1;
    for (int l = 0; l < machine_.depth(); ++l) {
      for (const Axis axis : kAxes) {
        share *= static_cast<double>(fill(l, axis)) / static_cast<double>(units(l, axis));
      }
    }
    constexpr double kMillion = 1e6;
    if (share < c_.min_utilization * (1 - 1e-9)) {
      found_.push_back({Conflict::kUtilization, -1, -1, Axis::kX,
                        static_cast<std::int64_t>(std::ceil(c_.min_utilization * kMillion)),
                        static_cast<std::int64_t>(share * kMillion)});
    }
  }

  const Constraints& c_;
  const Problem& problem_;
  const Accelerator& machine_;
  std::vector<Contradiction> found_;
};

}  // namespace

std::vector<std::array<std::int64_t, kMaxDims>> least_extents(const Constraints& constraints,
                                                              const Problem& problem) {
  std::vector<std::array<std::int64_t, kMaxDims>> result(constraints.levels.size());
  std::array<std::int64_t, kMaxDims> inside{};
  inside.fill(1);
  for (std::size_t l = constraints.levels.size(); l-- > 0;) {
    const LevelRules& rules = constraints.levels[l];
    for (std::size_t d = 0; d < static_cast<std::size_t>(problem.rank()); ++d) {
      std::int64_t extent = saturating_mul(inside[d], rules.temporal[d].low);
      extent = saturating_mul(extent, saturating_mul(rules.spatial[0][d].low, rules.spatial[1][d].low));
      extent = l == 0 ? kMost : std::max(extent, rules.extent[d].low);
      inside[d] = std::min(problem.dims[d].size, extent);
    }
    result[l] = inside;
  }
  return result;
}

std::vector<Contradiction> contradictions(const Constraints& constraints, const Problem& problem,
                                          const Accelerator& accelerator) {
  return Finder(constraints, problem, accelerator).run();
}

}  // namespace weft
