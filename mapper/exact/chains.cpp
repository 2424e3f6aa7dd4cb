// SPDX-License-Identifier: Apache-2.0
#include "mapper/exact/chains.hpp"

#include <algorithm>
#include <unordered_map>

#include "base/checked.hpp"

namespace weft::exact {

namespace {

std::vector<std::int64_t> divisors(std::int64_t number) {
  std::vector<std::int64_t> small;
  std::vector<std::int64_t> large;
  for (std::int64_t d = 1; d * d <= number; ++d) {
    if (number % d == 0) {
      small.push_back(d);
      if (d != number / d) {
        large.push_back(number / d);
      }
    }
  }
  small.insert(small.end(), large.rbegin(), large.rend());
  return small;
}

// Instances along the axis for loops over the dim.
std::int64_t room(const MapSpace::Level& level, std::size_t axis, int dim) {
  const std::vector<int>& dims = level.spatial_dims[axis];
  return std::find(dims.begin(), dims.end(), dim) != dims.end() ? level.fan_out[axis] : 1;
}

class Enumerator {
 public:
  Enumerator(const MapSpace& space, int dim, std::size_t limit) : space_(space), dim_(dim), limit_(limit) {
    current_.time.fill(1);
    current_.x.fill(1);
    current_.y.fill(1);
  }

  std::vector<Chain> run() {
    spread(space_.depth() - 1, 1, space_.problem().size(dim_));
    if (found_.size() > limit_) {
      found_.clear();
    }
    return std::move(found_);
  }

 private:
  // Axis y first: it is the inner one of a fan-out.
  void spread(int level, std::size_t axis, std::int64_t left) {
    if (found_.size() > limit_) {
      return;
    }
    const auto l = static_cast<std::size_t>(level);
    std::int64_t& bound = axis == 1 ? current_.y[l] : current_.x[l];
    for (std::int64_t count = 1; count <= std::min(room(space_.level(level), axis, dim_), left); ++count) {
      const std::int64_t rounds = ceil_div(left, count);
      if (ceil_div(left, rounds) != count) {
        continue;
      }
      bound = count;
      if (axis == 1) {
        spread(level, 0, rounds);
      } else {
        repeat(level, rounds);
      }
    }
    bound = 1;
  }

  void repeat(int level, std::int64_t left) {
    std::int64_t& bound = current_.time[static_cast<std::size_t>(level)];
    if (level == 0) {
      bound = left;
      found_.push_back(current_);
      return;
    }
    for (const std::int64_t divisor : divisors_of(left)) {
      bound = divisor;
      spread(level - 1, 1, left / divisor);
    }
    bound = 1;
  }

  const std::vector<std::int64_t>& divisors_of(std::int64_t number) {
    const auto [at, is_new] = divisors_.try_emplace(number);
    if (is_new) {
      at->second = divisors(number);
    }
    return at->second;
  }

  const MapSpace& space_;
  int dim_;
  std::size_t limit_;
  std::unordered_map<std::int64_t, std::vector<std::int64_t>> divisors_;  // of the numbers met so far
  Chain current_;
  std::vector<Chain> found_;
};

}  // namespace

std::vector<Chain> chains(const MapSpace& space, int dim, std::size_t limit) {
  return Enumerator(space, dim, limit).run();
}

bool may_spread(const MapSpace& space, int level, int dim) {
  return std::max(room(space.level(level), 0, dim), room(space.level(level), 1, dim)) > 1;
}

Gathers gathers(const MapSpace& space, int dim, const Boundary& boundary, Scope scope, Visits visits) {
  Gathers result{};
  for (int level = 0; level < std::min(space.depth(), boundary.child); ++level) {
    if (may_spread(space, level, dim)) {
      result[static_cast<std::size_t>(level)] =
          gather_of({dim, 2, 1, level, true}, space.problem().tensor(boundary.role), space.accelerator(),
                    boundary, scope, visits);
    }
  }
  return result;
}

Loops loops_of(const Chain& chain, int depth) {
  Loops loops;
  std::int64_t stride = 1;
  const auto add = [&](std::int64_t bound, int level, bool spatial) {
    if (bound > 1) {
      loops.push_back({bound, stride, level, spatial});
      stride *= bound;
    }
  };
  for (int level = depth - 1; level >= 0; --level) {
    const auto l = static_cast<std::size_t>(level);
    add(chain.y[l], level, true);
    add(chain.x[l], level, true);
    add(chain.time[l], level, false);
  }
  std::reverse(loops.begin(), loops.end());
  return loops;
}

std::int64_t extent_of(const Chain& chain, int level, int depth) {
  std::int64_t extent = 1;
  for (int l = level; l < depth; ++l) {
    const auto i = static_cast<std::size_t>(l);
    extent *= chain.time[i] * chain.x[i] * chain.y[i];
  }
  return extent;
}

}  // namespace weft::exact
