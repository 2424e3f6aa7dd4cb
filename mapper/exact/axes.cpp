// SPDX-License-Identifier: Apache-2.0
#include "mapper/exact/axes.hpp"

#include <algorithm>
#include <limits>
#include <utility>

namespace weft::exact {

namespace {

bool fits(const Rectangle& taken, const Rectangle& sides) {
  return taken.columns <= sides.columns && taken.rows <= sides.rows;
}

Rectangle beside(const Rectangle& a, const Rectangle& b) {
  return {a.columns * b.columns, a.rows * b.rows};
}

// What is still free of a side is at most its whole multiple.
double most(const Rectangle& taken, const Rectangle& sides) {
  return static_cast<double>(sides.columns / taken.columns * taken.columns) *
         static_cast<double>(sides.rows / taken.rows * taken.rows);
}

bool systolic(const FanOut& fanout, Role role) {
  return fanout.network[at(role)] == NetworkKind::kSystolic;
}

class Arranger {
 public:
  Arranger(std::span<const AxisShares> parts, const Rectangle& sides) : parts_(parts), sides_(sides) {}

  std::optional<std::vector<std::size_t>> run() {
    extend({});
    return std::move(best_);
  }

 private:
  // Tries all shares of the parts that are left.
  void extend(const Rectangle& taken) {
    if (taken.columns + taken.rows >= fewest_) {
      return;
    }
    if (chosen_.size() == parts_.size()) {
      fewest_ = taken.columns + taken.rows;
      best_ = chosen_;
      return;
    }
    const AxisShares& own = parts_[chosen_.size()];
    for (std::size_t i = 0; i < own.size(); ++i) {
      const Rectangle both = beside(taken, own[i].sides);
      chosen_.push_back(i);
      if (fits(both, sides_)) {
        extend(both);
      }
      chosen_.pop_back();
    }
  }

  std::span<const AxisShares> parts_;
  Rectangle sides_;
  std::int64_t fewest_ = std::numeric_limits<std::int64_t>::max();
  std::vector<std::size_t> chosen_;
  std::optional<std::vector<std::size_t>> best_;
};

}  // namespace

AxesAlike axes_alike(const MapSpace& space) {
  AxesAlike alike{};
  for (int level = 0; level < space.depth(); ++level) {
    const FanOut& fanout = space.accelerator().levels[static_cast<std::size_t>(level)].fanout;
    // What leaves at the edge has the less to go the wider the array is used.
    const bool wide = fanout.outlet == Outlet::kEdge && !systolic(fanout, Role::kOutputs);
    alike[static_cast<std::size_t>(level)] =
        space.constraints() == nullptr && fanout.x > 1 && fanout.y > 1 && !wide;
  }
  return alike;
}

AxisShares shares(const MapSpace& space, std::span<const int> dims, const Split& option, int level) {
  const auto l = static_cast<std::size_t>(level);
  AxisShares result = {{}};
  for (std::size_t d = 0; d < option.size(); ++d) {
    const std::int64_t instances = option[d].x[l] * option[d].y[l];
    if (instances == 1) {
      continue;
    }
    const std::int64_t left = left_at(option[d], level, space.depth(), space.problem().size(dims[d]));
    AxisShares next;
    for (const Spread& spread : spreads(space.level(level), dims[d], left, instances)) {
      for (const AxisShare& before : result) {
        next.push_back(before);
        next.back().sides = beside(before.sides, {spread.x, spread.y});
        next.back().x[d] = spread.x;
        next.back().y[d] = spread.y;
      }
    }
    result = std::move(next);
  }
  return result;
}

Packing::Packing(const MapSpace& space, const AxesAlike& alike) {
  for (std::size_t level = 0; level < alike.size(); ++level) {
    if (alike[level]) {
      const FanOut& fanout = space.accelerator().levels[level].fanout;
      fan_outs_.push_back({level,
                           {fanout.x, fanout.y},
                           systolic(fanout, Role::kWeights) || systolic(fanout, Role::kInputs),
                           systolic(fanout, Role::kOutputs) && fanout.outlet != Outlet::kEdge});
    }
  }
  clear();
}

void Packing::clear() {
  for (FanOutBelow& one : fan_outs_) {
    one.placed = {{1, 1}};
  }
}

template <typename Take>
void Packing::FanOutBelow::each_with(std::span<const Rectangles> part, const Take& take) const {
  for (const Rectangle& before : placed) {
    for (const Rectangle& own : part[level]) {
      const Rectangle both = beside(before, own);
      if (fits(both, sides)) {
        take(both);
      }
    }
  }
}

void Packing::place(std::span<const Rectangles> part) {
  for (FanOutBelow& one : fan_outs_) {
    Rectangles all;
    one.each_with(part, [&](const Rectangle& taken) {
      if (std::find(all.begin(), all.end(), taken) == all.end()) {
        all.push_back(taken);
      }
    });
    one.placed = std::move(all);
  }
}

void Packing::Outcome::take(const Rectangle& taken, const Rectangle& sides) {
  const auto across = static_cast<double>(taken.columns + taken.rows - 2);
  hops = units == 0 ? across : std::min(hops, across);
  units = std::max(units, most(taken, sides));
}

void Packing::Outcome::add_to(Packed& packed, const FanOutBelow& here) const {
  packed.units *= units;
  packed.hops_in += here.hops_in ? hops : 0;
  packed.hops_out += here.hops_out ? hops : 0;
}

std::optional<Packed> Packing::with(std::span<const Rectangles> part) const {
  Packed packed;
  for (const FanOutBelow& one : fan_outs_) {
    Outcome here;
    one.each_with(part, [&](const Rectangle& taken) { here.take(taken, one.sides); });
    if (here.units == 0) {
      return std::nullopt;
    }
    here.add_to(packed, one);
  }
  return packed;
}

Packed Packing::packed(bool more) const {
  Packed packed;
  for (const FanOutBelow& one : fan_outs_) {
    Outcome here;
    for (const Rectangle& taken : one.placed) {
      here.take(taken, more ? one.sides : taken);
    }
    here.add_to(packed, one);
  }
  return packed;
}

std::optional<std::vector<std::size_t>> arrange(std::span<const AxisShares> parts, Rectangle sides) {
  return Arranger(parts, sides).run();
}

}  // namespace weft::exact
