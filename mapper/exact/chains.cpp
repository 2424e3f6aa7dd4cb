// SPDX-License-Identifier: Apache-2.0
#include "mapper/exact/chains.hpp"

#include <algorithm>
#include <array>
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

// Is it the smallest that leaves as many rounds?
bool is_tight(std::int64_t left, std::int64_t count) {
  return ceil_div(left, ceil_div(left, count)) == count;
}

// Axis y first: it is the inner one of a fan-out.
bool is_tight(std::int64_t left, const Spread& one) {
  return is_tight(left, one.y) && is_tight(ceil_div(left, one.y), one.x);
}

class Enumerator {
 public:
  Enumerator(const MapSpace& space, int dim, std::size_t limit, const AxesAlike& alike)
      : space_(space), dim_(dim), limit_(limit), alike_(alike) {
    current_.time.fill(1);
    current_.x.fill(1);
    current_.y.fill(1);
  }

  std::vector<Chain> run() {
    spread(space_.depth() - 1, space_.problem().size(dim_));
    if (found_.size() > limit_) {
      found_.clear();
    }
    return std::move(found_);
  }

 private:
  void spread(int level, std::int64_t left) {
    const auto l = static_cast<std::size_t>(level);
    const auto [at, is_new] = spreads_[l].try_emplace(left);
    if (is_new) {
      at->second = spreads_of(level, left);
    }
    for (const Spread& one : at->second) {
      if (found_.size() > limit_) {
        return;
      }
      current_.x[l] = one.x;
      current_.y[l] = one.y;
      repeat(level, ceil_div(left, one.x * one.y));
    }
    current_.x[l] = current_.y[l] = 1;
  }

  [[nodiscard]] std::vector<Spread> spreads_of(int level, std::int64_t left) const {
    std::vector<Spread> all = spreads(space_.level(level), dim_, left);
    if (alike_[static_cast<std::size_t>(level)]) {
      const auto instances = [](const Spread& one) { return one.x * one.y; };
      std::stable_sort(all.begin(), all.end(),
                       [&](const Spread& a, const Spread& b) { return instances(a) < instances(b); });
      const auto same = [&](const Spread& a, const Spread& b) { return instances(a) == instances(b); };
      all.erase(std::unique(all.begin(), all.end(), same), all.end());
    }
    return all;
  }

  void repeat(int level, std::int64_t left) {
    std::int64_t& bound = current_.time[static_cast<std::size_t>(level)];
    if (level == 0) {
      bound = left;
      found_.push_back(current_);
      take_all_in();
      return;
    }
    for (const std::int64_t divisor : divisors_of(left)) {
      bound = divisor;
      spread(level - 1, left / divisor);
    }
    bound = 1;
  }

  // Has the outermost level all that the fan-outs leave of the dim? Then the innermost one may have it too.
  void take_all_in() {
    const auto depth = static_cast<std::size_t>(space_.depth());
    const std::int64_t all = current_.time[0];
    const std::int64_t beside = current_.x[depth - 1] * current_.y[depth - 1];
    const bool alone = std::all_of(current_.time.begin() + 1, current_.time.begin() + space_.depth(),
                                   [](std::int64_t bound) { return bound == 1; });
    if (depth > 1 && alone && ceil_div(space_.problem().size(dim_), beside) % all != 0) {
      found_.push_back(current_);
      std::swap(found_.back().time[0], found_.back().time[depth - 1]);
    }
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
  const AxesAlike& alike_;
  // [level]: by what is left of the dim
  std::array<std::unordered_map<std::int64_t, std::vector<Spread>>, kMaxDepth> spreads_;
  std::unordered_map<std::int64_t, std::vector<std::int64_t>> divisors_;  // of the numbers met so far
  Chain current_;
  std::vector<Chain> found_;
};

}  // namespace

std::vector<Chain> chains(const MapSpace& space, int dim, std::size_t limit, const AxesAlike& alike) {
  return Enumerator(space, dim, limit, alike).run();
}

std::int64_t left_at(const Chain& chain, int level, int depth, std::int64_t size) {
  for (int inner = depth - 1; inner > level; --inner) {
    const auto l = static_cast<std::size_t>(inner);
    size = ceil_div(size, chain.x[l] * chain.y[l]);
    size = size % chain.time[l] == 0 ? size / chain.time[l] : size;  // all that the fan-outs leave
  }
  return size;
}

std::vector<Spread> spreads(const MapSpace::Level& level, int dim, std::int64_t left,
                            std::int64_t instances) {
  std::vector<Spread> result;
  for (std::int64_t y = 1; y <= std::min(room(level, 1, dim), instances); ++y) {
    const std::int64_t x = instances / y;
    if (x * y == instances && x <= room(level, 0, dim) && is_tight(left, {x, y})) {
      result.push_back({x, y});
    }
  }
  return result;
}

std::vector<Spread> spreads(const MapSpace::Level& level, int dim, std::int64_t left) {
  std::vector<Spread> result;
  for (std::int64_t y = 1; y <= std::min(room(level, 1, dim), left); ++y) {
    for (std::int64_t x = 1; x <= std::min(room(level, 0, dim), ceil_div(left, y)); ++x) {
      if (is_tight(left, {x, y})) {
        result.push_back({x, y});
      }
    }
  }
  return result;
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
