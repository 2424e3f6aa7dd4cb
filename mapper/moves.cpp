// Moves of the local search.
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <utility>

#include "base/checked.hpp"
#include "mapper/conform.hpp"
#include "mapper/improve.hpp"

namespace weft {

namespace {

class Mover {
 public:
  Mover(Plan plan, const MapSpace& space, Rng& rng) : plan_(std::move(plan)), space_(space), rng_(rng) {
    for (int dim = 0; dim < space.dims(); ++dim) {
      if (space.problem().size(dim) > 1) {
        dims_.push_back(dim);
      }
    }
  }

  Plan move() {
    if (dims_.empty()) {
      toggle_bypass();
      return std::move(plan_);
    }
    const std::int64_t kind = rng_.uniform(0, 99);
    if (kind < 35) {
      resize_tile();
    } else if (kind < 50) {
      hand_over();
    } else if (kind < 75) {
      reorder();
    } else if (kind < 92) {
      respread();
    } else {
      toggle_bypass();
    }
    return std::move(plan_);
  }

 private:
  int random_level(int from) { return static_cast<int>(rng_.uniform(from, space_.depth() - 1)); }
  [[nodiscard]] std::int64_t size(int dim) const { return space_.problem().size(dim); }
  std::int64_t& time(int level, int dim) {
    return plan_.at(level, Slot::kTime)[static_cast<std::size_t>(dim)];
  }

  void settle(int dim) {
    if (rng_.chance(0.7)) {
      settle_balanced(plan_, space_, dim);
    } else {
      weft::settle(plan_, space_, dim);
    }
  }

  // What is left of the dim inside level's temporal loop and outside: the bound that would take all of it.
  std::int64_t reach(int level, int dim) {
    std::int64_t inside = 1;
    for (std::size_t slot = static_cast<std::size_t>(level * kSlots) + 1; slot < plan_.bounds.size();
         ++slot) {
      inside *= plan_.bounds[slot][static_cast<std::size_t>(dim)];
    }
    return ceil_div(size(dim), inside);
  }

  std::int64_t scaled(std::int64_t bound, std::int64_t most) {
    switch (rng_.uniform(0, 7)) {
      case 0:
        return 1;
      case 1:
        return most;
      case 2:
        return bound + 1;
      case 3:
        return bound - 1;
      case 4:
        return bound * rng_.uniform(3, 7);
      case 5:
        return ceil_div(bound, rng_.uniform(3, 7));
      case 6:
        return bound * 2;
      default:
        return ceil_div(bound, 2);
    }
  }

  // Another temporal bound of one dim; other dims of the level give way where the tile does not fit.
  void resize_tile() {
    if (space_.depth() < 2) {
      reorder();
      return;
    }
    const int level = random_level(1);
    const int dim = rng_.pick(dims_);
    time(level, dim) =
        std::clamp<std::int64_t>(scaled(time(level, dim), reach(level, dim)), 1, reach(level, dim));
    settle(dim);
    make_room(level, dim);
  }

  void make_room(int level, int growing) {
    for (int attempt = 0; attempt < 12 && !fits(plan_, space_, level); ++attempt) {
      const int dim = rng_.pick(dims_);
      if (dim != growing && time(level, dim) > 1) {
        time(level, dim) = ceil_div(time(level, dim), rng_.chance(0.7) ? 2 : 4);
        settle(dim);
      }
    }
  }

  // Moves a factor of one dim from a level to another; the outermost level takes part implicitly.
  void hand_over() {
    const int dim = rng_.pick(dims_);
    const int from = random_level(0);
    const int to = random_level(0);
    const std::int64_t factor = rng_.chance(0.6) ? 2 : rng_.uniform(2, 8);
    if (from == to) {
      return;
    }
    time(from, dim) = ceil_div(time(from, dim), factor);
    time(to, dim) *= factor;
    settle(dim);
    make_room(std::max(1, std::min(from, to)), dim);
  }

  void reorder() {
    const int level = random_level(0);
    auto& order = plan_.order[static_cast<std::size_t>(level)];
    if (rng_.chance(0.3)) {
      const Role role = kAllRoles[static_cast<std::size_t>(rng_.uniform(0, kRoles - 1))];
      std::stable_partition(order.begin(), order.begin() + space_.dims(), [&](std::uint8_t dim) {
        return relevant(space_.problem().tensor(role), static_cast<int>(dim));
      });
      return;
    }
    // Only loops that exist matter.
    std::vector<std::size_t> places;
    for (std::size_t i = 0; i < static_cast<std::size_t>(space_.dims()); ++i) {
      if (plan_.at(level, Slot::kTime)[order[i]] > 1) {
        places.push_back(i);
      }
    }
    if (places.size() < 2) {
      return;
    }
    const std::size_t a = rng_.pick(places);
    const std::size_t b = rng_.chance(0.5) ? places.back() : rng_.pick(places);
    if (rng_.chance(0.5)) {
      std::swap(order[a], order[b]);
    } else if (a < b) {
      std::rotate(order.begin() + static_cast<std::ptrdiff_t>(a),
                  order.begin() + static_cast<std::ptrdiff_t>(a) + 1,
                  order.begin() + static_cast<std::ptrdiff_t>(b) + 1);
    }
  }

  void respread() {
    std::vector<std::pair<int, Slot>> axes;
    for (int level = 0; level < space_.depth(); ++level) {
      for (std::size_t axis = 0; axis < 2; ++axis) {
        if (space_.level(level).fan_out[axis] > 1 && !space_.level(level).spatial_dims[axis].empty()) {
          axes.emplace_back(level, axis == 0 ? Slot::kX : Slot::kY);
        }
      }
    }
    if (axes.empty()) {
      resize_tile();
      return;
    }
    const auto [level, axis] = rng_.pick(axes);
    const auto a = static_cast<std::size_t>(axis == Slot::kX ? 0 : 1);
    const std::int64_t room = space_.level(level).fan_out[a];
    const std::vector<int>& allowed = space_.level(level).spatial_dims[a];
    const int dim = rng_.pick(allowed);
    DimArray& bounds = plan_.at(level, axis);
    std::int64_t& bound = bounds[static_cast<std::size_t>(dim)];
    const std::int64_t most = std::min(room, size(dim));
    const std::int64_t wanted = rng_.chance(0.4) ? most : scaled(bound, most);
    bound = std::clamp<std::int64_t>(wanted, 1, most);
    // The other dims of the axis give way.
    for (const int other : allowed) {
      std::int64_t& theirs = bounds[static_cast<std::size_t>(other)];
      if (other != dim && spread(plan_, space_, level, axis) > room) {
        const std::int64_t rest = spread(plan_, space_, level, axis) / theirs;
        theirs = std::max<std::int64_t>(1, room / rest);
        settle(other);
      }
    }
    fill_axis(level, axis, room, allowed);
    settle(dim);
    if (level + 1 < space_.depth()) {
      make_room(level + 1, dim);
    }
    if (level > 0) {
      make_room(level, dim);
    }
  }

  // Now and then offers what is left of the axis to another dim.
  void fill_axis(int level, Slot axis, std::int64_t room, const std::vector<int>& allowed) {
    const std::int64_t rest = room / spread(plan_, space_, level, axis);
    if (rest < 2 || rng_.chance(0.3)) {
      return;
    }
    const int other = rng_.pick(allowed);
    std::int64_t& theirs = plan_.at(level, axis)[static_cast<std::size_t>(other)];
    theirs = std::min(theirs * rest, size(other));
    settle(other);
  }

  void toggle_bypass() {
    std::vector<std::pair<int, std::size_t>> choices;
    for (int level = 1; level < space_.depth(); ++level) {
      for (std::size_t r = 0; r < static_cast<std::size_t>(kRoles); ++r) {
        if (space_.level(level).can_keep[r] && !space_.level(level).must_keep[r]) {
          choices.emplace_back(level, r);
        }
      }
    }
    if (choices.empty()) {
      if (!dims_.empty()) {
        reorder();
      }
      return;
    }
    const auto [level, role] = rng_.pick(choices);
    bool& keep = plan_.keep[static_cast<std::size_t>(level)][role];
    keep = !keep;
    if (keep && !dims_.empty()) {
      make_room(level, -1);
    }
  }

  Plan plan_;
  const MapSpace& space_;
  Rng& rng_;
  std::vector<int> dims_;  // larger than 1
};

}  // namespace

Plan neighbour(const Plan& plan, const MapSpace& space, Rng& rng) {
  Plan next = plan;
  const int moves = rng.chance(0.75) ? 1 : static_cast<int>(rng.uniform(2, 3));
  for (int i = 0; i < moves; ++i) {
    next = Mover(std::move(next), space, rng).move();
  }
  if (space.constraints() != nullptr) {
    conform(next, space);
  }
  return next;
}

}  // namespace weft
