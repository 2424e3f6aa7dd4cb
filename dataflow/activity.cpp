// SPDX-License-Identifier: Apache-2.0
#include "dataflow/activity.hpp"

#include <algorithm>
#include <optional>
#include <utility>

#include "base/checked.hpp"

namespace weft {
namespace {

// One loop of a dim, with what it takes to count the iterations inside it.
struct Digit {
  std::int64_t bound = 1, stride = 1;
  std::int64_t inside = 1;  // temporal iterations of the loops further in
  int spatial = -1;         // index into the spatial loops; -1: temporal
};

// A spatial loop: its value at a unit is position / divisor % bound, along its axis.
struct Place {
  std::int64_t bound = 1, divisor = 1;
  Axis axis = Axis::kX;
  std::size_t level = 0;
};

struct Array {
  std::vector<std::vector<Digit>> dims{};  // outermost first
  std::vector<Place> places{};
};

Array array_of(const Mapping& mapping, const Problem& problem) {
  Array array{.dims = std::vector<std::vector<Digit>>(static_cast<std::size_t>(problem.rank()))};
  for (std::size_t level = 0; level < mapping.levels.size(); ++level) {
    for (const Loop& loop : mapping.levels[level].temporal) {
      array.dims[static_cast<std::size_t>(loop.dim)].push_back({.bound = loop.bound});
    }
    for (const SpatialLoop& loop : mapping.levels[level].spatial) {
      array.dims[static_cast<std::size_t>(loop.dim)].push_back(
          {.bound = loop.bound, .spatial = static_cast<int>(array.places.size())});
      array.places.push_back({.bound = loop.bound, .axis = loop.axis, .level = level});
    }
  }
  for (std::vector<Digit>& digits : array.dims) {
    std::int64_t stride = 1, inside = 1;
    for (auto digit = digits.rbegin(); digit != digits.rend(); ++digit) {
      digit->stride = stride;
      digit->inside = inside;
      stride = checked_mul(stride, digit->bound);
      inside = checked_mul(inside, digit->spatial < 0 ? digit->bound : 1);
    }
  }
  return array;
}

// The divisor of each place: units of inner levels along the axis, times inner loops of its own level.
void set_divisors(Array& array, const Accelerator& accelerator) {
  for (const Axis axis : {Axis::kX, Axis::kY}) {
    std::int64_t units = 1;
    for (std::size_t level = accelerator.levels.size(); level-- > 0;) {
      std::int64_t divisor = units;
      for (auto place = array.places.rbegin(); place != array.places.rend(); ++place) {
        if (place->level == level && place->axis == axis) {
          place->divisor = divisor;
          divisor *= place->bound;
        }
      }
      const FanOut& fanout = accelerator.levels[level].fanout;
      units *= axis == Axis::kX ? fanout.x : fanout.y;
    }
  }
}

// For every place along an axis of `units`: the digits of the spatial loops on that axis (0 for the others),
// or none where no loop reaches it.
using Digits = std::optional<std::vector<std::int64_t>>;
std::vector<Digits> digits_along(const Array& array, Axis axis, std::int64_t units) {
  std::vector<Digits> all;
  for (std::int64_t unit = 0; unit < units; ++unit) {
    std::vector<std::int64_t> digits(array.places.size(), 0);
    std::int64_t rest = unit;
    bool reached = true;
    for (std::size_t i = 0; i < array.places.size(); ++i) {
      if (array.places[i].axis == axis) {
        digits[i] = rest / array.places[i].divisor;
        rest %= array.places[i].divisor;
        reached = reached && digits[i] < array.places[i].bound;
      }
    }
    all.push_back(reached && rest == 0 ? Digits(std::move(digits)) : Digits());
  }
  return all;
}

// Temporal iterations of the dim whose index stays below `size`, with these spatial digits.
std::int64_t iterations(const std::vector<Digit>& digits, const std::vector<std::int64_t>& at,
                        std::int64_t size) {
  std::int64_t count = 0;
  for (const Digit& digit : digits) {
    if (size <= 0) {
      return count;
    }
    if (digit.spatial >= 0) {
      size -= at[static_cast<std::size_t>(digit.spatial)] * digit.stride;
      continue;
    }
    const std::int64_t whole = std::min(digit.bound, size / digit.stride);
    // Those of the whole ones stay below whatever the loops further in add, spatial ones too.
    count += whole * digit.inside;
    if (whole == digit.bound) {
      return count;
    }
    size -= whole * digit.stride;
  }
  return count + (size > 0 ? 1 : 0);
}

// A dim's share of its temporal iterations for every combination of its spatial digits on the two axes.
class DimShares {
 public:
  DimShares(const Array& array, std::size_t dim, std::int64_t size) : digits_(array.dims[dim]) {
    std::vector<std::int64_t> at(array.places.size(), 0);
    all_ = iterations(digits_, at, size);  // no unit has more to do than the first
    fill(0, at, size);
  }
  [[nodiscard]] std::int64_t all() const { return all_; }
  // The part of the combination's number that the digits of one axis make; the parts add up.
  [[nodiscard]] std::size_t number(const std::vector<std::int64_t>& at) const {
    std::int64_t number = 0, weight = 1;
    for (const Digit& digit : digits_) {
      if (digit.spatial >= 0) {
        number += weight * at[static_cast<std::size_t>(digit.spatial)];
        weight *= digit.bound;
      }
    }
    return static_cast<std::size_t>(number);
  }
  [[nodiscard]] double share(std::size_t number) const { return shares_[number]; }

 private:
  void fill(std::size_t digit, std::vector<std::int64_t>& at, std::int64_t size) {
    if (digit == digits_.size()) {
      const std::size_t place = number(at);
      shares_.resize(std::max(shares_.size(), place + 1), 0);
      shares_[place] = static_cast<double>(iterations(digits_, at, size)) / static_cast<double>(all_);
      return;
    }
    if (digits_[digit].spatial < 0) {
      fill(digit + 1, at, size);
      return;
    }
    for (std::int64_t value = 0; value < digits_[digit].bound; ++value) {
      at[static_cast<std::size_t>(digits_[digit].spatial)] = value;
      fill(digit + 1, at, size);
    }
  }

  const std::vector<Digit>& digits_;
  std::int64_t all_ = 1;
  std::vector<double> shares_;
};

// The numbers of every dim's combinations along an axis.
std::vector<std::vector<std::size_t>> numbers_along(const std::vector<DimShares>& dims,
                                                    const std::vector<Digits>& digits) {
  std::vector<std::vector<std::size_t>> numbers(digits.size());
  for (std::size_t unit = 0; unit < digits.size(); ++unit) {
    for (const DimShares& dim : dims) {
      numbers[unit].push_back(digits[unit] ? dim.number(*digits[unit]) : 0);
    }
  }
  return numbers;
}

// Units per cell along an axis.
std::int64_t step_of(std::int64_t units) {
  return (units + kMostCells - 1) / kMostCells;
}

// The array without its cells' shares.
Activity sizes_of(const Accelerator& accelerator) {
  Activity result;
  for (const StorageLevel& level : accelerator.levels) {
    result.x = checked_mul(result.x, level.fanout.x);
    result.y = checked_mul(result.y, level.fanout.y);
  }
  result.cells_x = (result.x + step_of(result.x) - 1) / step_of(result.x);
  result.cells_y = (result.y + step_of(result.y) - 1) / step_of(result.y);
  result.share.assign(static_cast<std::size_t>(checked_mul(result.cells_x, result.cells_y)), 0);
  return result;
}

}  // namespace

Activity activity(const Mapping& mapping, const Problem& problem, const Accelerator& accelerator) {
  Array array = array_of(mapping, problem);
  set_divisors(array, accelerator);
  Activity result = sizes_of(accelerator);
  std::vector<DimShares> dims;
  for (std::size_t dim = 0; dim < array.dims.size(); ++dim) {
    dims.emplace_back(array, dim, problem.size(static_cast<int>(dim)));
    result.iterations = checked_mul(result.iterations, dims.back().all());
  }
  const std::vector<Digits> along_x = digits_along(array, Axis::kX, result.x);
  const std::vector<Digits> along_y = digits_along(array, Axis::kY, result.y);
  const auto numbers_x = numbers_along(dims, along_x), numbers_y = numbers_along(dims, along_y);
  const std::int64_t step_x = step_of(result.x), step_y = step_of(result.y);
  for (std::int64_t y = 0; y < result.y; ++y) {
    for (std::int64_t x = 0; x < result.x; ++x) {
      const auto ux = static_cast<std::size_t>(x), uy = static_cast<std::size_t>(y);
      double share = along_x[ux] && along_y[uy] ? 1 : 0;
      for (std::size_t dim = 0; dim < dims.size() && share > 0; ++dim) {
        share *= dims[dim].share(numbers_x[ux][dim] + numbers_y[uy][dim]);
      }
      const std::int64_t across = std::min(step_x, result.x - x / step_x * step_x);
      const std::int64_t down = std::min(step_y, result.y - y / step_y * step_y);
      result.share[static_cast<std::size_t>(y / step_y * result.cells_x + x / step_x)] +=
          share / static_cast<double>(across * down);
    }
  }
  return result;
}

}  // namespace weft
