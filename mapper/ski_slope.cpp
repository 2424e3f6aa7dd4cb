// Compares all tiles of a problem and keeps the lower envelope.
// SPDX-License-Identifier: Apache-2.0
#include "mapper/ski_slope.hpp"

#include <algorithm>
#include <array>
#include <limits>
#include <tuple>

#include "base/error.hpp"
#include "dataflow/legality.hpp"
#include "dataflow/tile_extents.hpp"
#include "mapper/ski_slope_axes.hpp"

namespace weft {

namespace {

constexpr std::size_t kWeights = 0, kInputs = 1, kOutputs = 2;
constexpr std::array<std::size_t, kRoles> kAll = {kWeights, kInputs, kOutputs};
static_assert(index_of(Role::kWeights) == 0 && index_of(Role::kOutputs) == 2);

// Points of ascending capacity, each better than those before in words or in bits.
std::vector<SlopePoint> envelope(std::vector<SlopePoint> points) {
  std::sort(points.begin(), points.end(), [](const SlopePoint& a, const SlopePoint& b) {
    return std::tie(a.capacity_bits, a.words, a.bits) < std::tie(b.capacity_bits, b.words, b.bits);
  });
  std::vector<SlopePoint> result;
  for (SlopePoint point : points) {
    if (!result.empty()) {
      const SlopePoint& best = result.back();
      if (point.words >= best.words && point.bits >= best.bits) {
        continue;
      }
      point.words = std::min(point.words, best.words);
      point.bits = std::min(point.bits, best.bits);
      if (point.capacity_bits == best.capacity_bits) {
        result.pop_back();
      }
    }
    result.push_back(point);
  }
  return result;
}

class Comparison {
 public:
  Comparison(const Problem& problem, const SlopeWidths& widths)
      : axes_(slope_axes(problem)), widths_(widths) {}

  SkiSlope run() {
    choose(0, {});
    return {.points = envelope(std::move(points_)), .exact = axes_.exact, .tiles = axes_.tiles};
  }

 private:
  static constexpr std::size_t kMostWindows = kMaxDims / 2;
  static constexpr std::size_t kMostPoints = 1U << 18U;  // before the dominated ones are dropped

  struct Tensor {
    std::int64_t words = 1;  // of the tile
    std::int64_t trips = 1;  // over dims of the other tensors
    std::int64_t only = 1;   // over dims of no other tensor
    bool moves = false;
    bool slides = false;  // some window moves
    std::array<const SlopeWindow*, kMostWindows> windows{};
    std::size_t window_count = 0;
  };
  using Tile = PerRole<Tensor>;

  void choose(std::size_t index, const Tile& outer) {
    if (index == axes_.axes.size()) {
      compare(outer);
      return;
    }
    const SlopeAxis& axis = axes_.axes[index];
    for (const SlopeOption& option : axis.options) {
      Tile tile = outer;
      for (const std::size_t t : kAll) {
        const SlopePart& part = option.parts[t];
        Tensor& tensor = tile[t];
        tensor.words = saturating_mul(tensor.words, part.words);
        tensor.trips = saturating_mul(tensor.trips, part.trips);
        tensor.only = saturating_mul(tensor.only, option.only[t]);
        tensor.moves = tensor.moves || part.moves;
        if (axis.windowed[t]) {
          WEFT_ENSURE(tensor.window_count < kMostWindows, "too many windows");
          tensor.windows[tensor.window_count++] = &part.window;
          tensor.slides = tensor.slides || part.window.moves;
        }
      }
      choose(index + 1, tile);
    }
  }

  // Words that enter the buffer when loops over other tensors' dims repeat the tensor `times` times.
  [[nodiscard]] std::int64_t fills(std::size_t t, const Tensor& tensor, std::int64_t times) const {
    times = tensor.moves ? times : 1;
    std::int64_t least = std::numeric_limits<std::int64_t>::max();
    for (std::size_t x = 0; x < tensor.window_count; ++x) {
      const SlopeWindow& inner = *tensor.windows[x];
      if (!inner.moves && tensor.slides) {
        continue;  // the innermost loop that moves the tile belongs to another rank
      }
      std::int64_t words = saturating_add(saturating_mul(times, inner.distinct - inner.core), inner.core);
      for (std::size_t y = 0; y < tensor.window_count; ++y) {
        const SlopeWindow& other = *tensor.windows[y];
        words = y == x ? words : saturating_mul(words, inner.regular ? other.repeated : other.distinct);
      }
      least = std::min(least, words);
    }
    return saturating_mul(axes_.plain[t], tensor.window_count > 0 ? least : times);
  }

  [[nodiscard]] SlopePoint traffic(const PerRole<std::int64_t>& filled) const {
    // Every residency of an output is one update; all but the first read the partial sum back.
    const std::int64_t once = axes_.plain[kOutputs];
    const PerRole<std::int64_t> moved = {filled[kWeights], filled[kInputs],
                                         saturating_add(filled[kOutputs], filled[kOutputs] - once)};
    SlopePoint point;
    for (const std::size_t t : kAll) {
      const std::int64_t words = saturating_mul(moved[t], axes_.groups);
      point.words = saturating_add(point.words, words);
      point.bits = saturating_add(point.bits, saturating_mul(words, widths_.outer[t]));
    }
    return point;
  }

  void compare(const Tile& tile) {
    SlopePoint best{.words = std::numeric_limits<std::int64_t>::max(),
                    .bits = std::numeric_limits<std::int64_t>::max()};
    for (const std::size_t t : kAll) {
      best.capacity_bits =
          saturating_add(best.capacity_bits, saturating_mul(tile[t].words, widths_.buffer[t]));
    }
    // By which tensor is stationary, and which one second.
    for (const std::size_t first : kAll) {
      for (const std::size_t second : kAll) {
        const std::size_t third = kRoles - first - second;
        if (second == first || (tile[third].only == 1 && second > third)) {
          continue;  // without such dims the second and the third are alike
        }
        PerRole<std::int64_t> filled{};
        filled[first] = fills(first, tile[first], 1);
        filled[second] = fills(second, tile[second], tile[second].trips / tile[third].only);
        filled[third] = fills(third, tile[third], tile[third].trips);
        const SlopePoint point = traffic(filled);
        best.words = std::min(best.words, point.words);
        best.bits = std::min(best.bits, point.bits);
      }
    }
    points_.push_back(best);
    if (points_.size() == kMostPoints) {
      points_ = envelope(std::move(points_));
    }
  }

  SlopeAxes axes_;
  SlopeWidths widths_;
  std::vector<SlopePoint> points_;
};

}  // namespace

SlopeWidths slope_widths(const Problem& problem, const Accelerator& accelerator) {
  SlopeWidths widths;
  for (const Role role : kAllRoles) {
    const auto r = static_cast<std::size_t>(index_of(role));
    const auto bits = [&](std::size_t from) {
      for (std::size_t level = from; level < accelerator.levels.size(); ++level) {
        if (const Memory* memory = accelerator.levels[level].memory_for(role)) {
          return stored_bits(*memory, problem, role);
        }
      }
      return problem.tensor(role).bits;
    };
    widths.outer[r] = bits(0);
    widths.buffer[r] = bits(1);
  }
  return widths;
}

std::vector<SlopeRoom> slope_rooms(const Accelerator& accelerator) {
  std::vector<SlopeRoom> rooms;
  SlopeRoom all{.name = "all on chip"};
  for (int level = 1; level < accelerator.depth(); ++level) {
    const StorageLevel& storage = accelerator.levels[static_cast<std::size_t>(level)];
    SlopeRoom room{.name = storage.name};
    for (const Memory& memory : storage.memories) {
      room.bits =
          saturating_add(room.bits, saturating_mul(usable_bits(memory), accelerator.instances(level)));
    }
    all.bits = saturating_add(all.bits, room.bits);
    rooms.push_back(std::move(room));
  }
  rooms.push_back(std::move(all));
  return rooms;
}

std::optional<SlopePoint> SkiSlope::at(std::int64_t capacity_bits) const {
  const auto above =
      std::upper_bound(points.begin(), points.end(), capacity_bits,
                       [](std::int64_t c, const SlopePoint& p) { return c < p.capacity_bits; });
  return above == points.begin() ? std::nullopt : std::optional(*(above - 1));
}

std::int64_t SkiSlope::knee(double slack) const {
  const double most = (1 + slack) * static_cast<double>(compulsory().words);
  const auto point = std::find_if(points.begin(), points.end(), [most](const SlopePoint& p) {
    return static_cast<double>(p.words) <= most;
  });
  return point == points.end() ? compulsory().capacity_bits : point->capacity_bits;
}

SkiSlope ski_slope(const Problem& problem, const SlopeWidths& widths) {
  return Comparison(problem, widths).run();
}

SkiSlope sum(const std::vector<RepeatedSlope>& slopes) {
  WEFT_ENSURE(!slopes.empty(), "a sum of nothing");
  SkiSlope total;
  std::int64_t smallest = 0;
  for (const RepeatedSlope& layer : slopes) {
    smallest = std::max(smallest, layer.slope->points.front().capacity_bits);
    total.exact = total.exact && layer.slope->exact;
    total.tiles = saturating_add(total.tiles, layer.slope->tiles);
  }
  std::vector<std::int64_t> capacities = {smallest};
  for (const RepeatedSlope& layer : slopes) {
    for (const SlopePoint& point : layer.slope->points) {
      if (point.capacity_bits > smallest) {
        capacities.push_back(point.capacity_bits);
      }
    }
  }
  std::sort(capacities.begin(), capacities.end());
  capacities.erase(std::unique(capacities.begin(), capacities.end()), capacities.end());
  for (const std::int64_t capacity : capacities) {
    SlopePoint point{.capacity_bits = capacity};
    for (const RepeatedSlope& layer : slopes) {
      const SlopePoint own = *layer.slope->at(capacity);
      point.words = saturating_add(point.words, saturating_mul(own.words, layer.repeat));
      point.bits = saturating_add(point.bits, saturating_mul(own.bits, layer.repeat));
    }
    total.points.push_back(point);
  }
  return total;
}

}  // namespace weft
