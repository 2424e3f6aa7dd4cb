// SPDX-License-Identifier: Apache-2.0
#include "mapper/exact/windows.hpp"

#include <algorithm>
#include <numeric>
#include <optional>

#include <boost/container/small_vector.hpp>

namespace weft::exact {

namespace {

using Intervals = boost::container::small_vector<Interval, 8>;

// Elements of a side's tile at `base`.
Intervals cut(const WindowSide& side, std::int64_t base) {
  Intervals result;
  for (const Interval& piece : side.tile) {
    const std::int64_t low = base + piece.low;
    if (low >= side.size) {
      break;
    }
    result.push_back({low, std::min(base + piece.high, side.size)});
  }
  return result;
}

std::int64_t clipped_union(Intervals& parts, std::int64_t low, std::int64_t high) {
  if (!std::is_sorted(parts.begin(), parts.end(),
                      [](const Interval& a, const Interval& b) { return a.low < b.low; })) {
    std::sort(parts.begin(), parts.end(), [](const Interval& a, const Interval& b) { return a.low < b.low; });
  }
  std::int64_t count = 0;
  std::int64_t end = low;
  for (const Interval& part : parts) {
    const std::int64_t from = std::max(part.low, end);
    const std::int64_t to = std::min(part.high, high);
    count += std::max<std::int64_t>(0, to - from);
    end = std::max(end, to);
  }
  return count;
}

std::int64_t floor_div(std::int64_t a, std::int64_t b) {
  return a >= 0 ? a / b : -((-a + b - 1) / b);
}

// Of values residue + step * q: the q inside [low, high) of the values.
std::int64_t quotient(std::int64_t value, std::int64_t residue, std::int64_t step) {
  return floor_div(value - residue + step - 1, step);
}

// Distinct values of a + step * b inside [low, high), with some of the fine pieces narrower than a step:
// values of the same residue are steps apart, and their quotients are the coarse pieces, shifted.
std::int64_t distinct_by_residue(const Intervals& fine, std::int64_t step, const Intervals& coarse,
                                 std::int64_t low, std::int64_t high) {
  boost::container::small_vector<std::pair<std::int64_t, std::int64_t>, 16> values;  // residue, quotient
  for (const Interval& f : fine) {
    for (std::int64_t a = f.low; a < f.high; ++a) {
      const std::int64_t q = floor_div(a, step);
      values.emplace_back(a - q * step, q);
    }
  }
  std::sort(values.begin(), values.end());
  std::int64_t count = 0;
  Intervals parts;
  for (std::size_t i = 0; i < values.size(); ++i) {
    const auto [residue, q] = values[i];
    for (const Interval& c : coarse) {
      parts.push_back({c.low + q, c.high + q});
    }
    if (i + 1 == values.size() || values[i + 1].first != residue) {
      count += clipped_union(parts, quotient(low, residue, step), quotient(high, residue, step));
      parts.clear();
    }
  }
  return count;
}

// Distinct values of a + step * b inside [low, high).
std::int64_t distinct_of_two(const Interval& fine, std::int64_t step, const Interval& coarse,
                             std::int64_t low, std::int64_t high) {
  if (fine.high - fine.low >= step) {  // they leave no gaps
    return std::max<std::int64_t>(0, std::min(fine.high + step * (coarse.high - 1), high) -
                                         std::max(fine.low + step * coarse.low, low));
  }
  std::int64_t count = 0;
  for (std::int64_t a = fine.low; a < fine.high; ++a) {  // each has values of its own
    const bool whole = a + step * coarse.low >= low && a + step * (coarse.high - 1) < high;
    count += whole ? coarse.high - coarse.low
                   : std::max<std::int64_t>(0, std::min(quotient(high, a, step), coarse.high) -
                                                   std::max(quotient(low, a, step), coarse.low));
  }
  return count;
}

// Distinct values of offset + fine.coeff * a + coarse.coeff * b inside [0, extent).
std::int64_t distinct(const Rank& rank, std::int64_t fine_coeff, const Intervals& fine,
                      std::int64_t coarse_coeff, const Intervals& coarse) {
  // All values are the offset plus multiples of the coefficients' common divisor.
  const std::int64_t unit = std::gcd(fine_coeff, coarse_coeff);
  const std::int64_t low = floor_div(-rank.offset + unit - 1, unit);
  const std::int64_t high = floor_div(rank.extent - rank.offset + unit - 1, unit);
  const std::int64_t step = coarse_coeff / unit;
  const std::int64_t grain = fine_coeff / unit;
  const bool wide =
      std::all_of(fine.begin(), fine.end(), [&](const Interval& f) { return f.high - f.low >= step; });
  if (grain == 1 && fine.size() == 1 && coarse.size() == 1) {
    return distinct_of_two(fine[0], step, coarse[0], low, high);
  }
  if (grain == 1 && !wide) {
    return distinct_by_residue(fine, step, coarse, low, high);
  }
  Intervals parts;
  for (const Interval& c : coarse) {
    for (const Interval& f : fine) {
      if (grain == 1) {
        parts.push_back({f.low + step * c.low, f.high + step * (c.high - 1)});
        continue;
      }
      for (std::int64_t b = c.low; b < c.high; ++b) {
        for (std::int64_t a = f.low; a < f.high; ++a) {
          parts.push_back({grain * a + step * b, grain * a + step * b + 1});
        }
      }
    }
  }
  return clipped_union(parts, low, high);
}

class Window {
 public:
  Window(const Rank& rank, const WindowSides& sides)
      : rank_(rank),
        coarse_(*sides[sides[0]->coeff >= sides[1]->coeff ? 0 : 1]),
        fine_(*sides[sides[0]->coeff >= sides[1]->coeff ? 1 : 0]) {}

  // For each base of the fine side: bases of the coarse side far from both borders all see the same, and so
  // do they at all bases of the fine side whose tile is whole.
  [[nodiscard]] std::int64_t sum() {
    std::int64_t total = 0;
    for (const std::int64_t base : fine_.bases) {
      total += sum_coarse(base);
    }
    return total;
  }

 private:
  [[nodiscard]] std::int64_t words(const Intervals& fine, std::int64_t coarse_base) const {
    return distinct(rank_, fine_.coeff, fine, coarse_.coeff, cut(coarse_, coarse_base));
  }

  [[nodiscard]] bool interior(std::int64_t fine_base, std::int64_t coarse_base) const {
    const std::int64_t end = coarse_base + coarse_.reach();
    const std::int64_t low = rank_.offset + fine_.coeff * fine_base + coarse_.coeff * coarse_base;
    const std::int64_t high =
        rank_.offset + fine_.coeff * (fine_base + fine_.reach() - 1) + coarse_.coeff * (end - 1);
    return end <= coarse_.size && low >= 0 && high < rank_.extent;
  }

  [[nodiscard]] std::int64_t sum_coarse(std::int64_t fine_base) {
    const Indices& bases = coarse_.bases;
    const Intervals fine = cut(fine_, fine_base);
    std::int64_t total = 0;
    std::size_t first = 0;
    while (first < bases.size() && !interior(fine_base, bases[first])) {
      total += words(fine, bases[first]);
      ++first;
    }
    std::size_t last = bases.size();
    while (last > first && !interior(fine_base, bases[last - 1])) {
      --last;
      total += words(fine, bases[last]);
    }
    if (last > first) {
      total += static_cast<std::int64_t>(last - first) * inside(fine_base, fine, bases[first]);
    }
    return total;
  }

  [[nodiscard]] std::int64_t inside(std::int64_t fine_base, const Intervals& fine, std::int64_t coarse_base) {
    if (fine_base + fine_.reach() > fine_.size) {
      return words(fine, coarse_base);
    }
    if (!inside_) {
      inside_ = words(fine, coarse_base);
    }
    return *inside_;
  }

  const Rank& rank_;
  const WindowSide& coarse_;
  const WindowSide& fine_;
  std::optional<std::int64_t> inside_;  // words of whole tiles far from all borders
};

}  // namespace

bool mentions(const Rank& rank, int dim) {
  return std::any_of(rank.terms.begin(), rank.terms.end(), [&](const Term& term) { return term.dim == dim; });
}

bool is_windowed(const Rank& rank, const Problem& problem) {
  return std::count_if(rank.terms.begin(), rank.terms.end(),
                       [&](const Term& term) { return problem.size(term.dim) > 1; }) > 1;
}

std::vector<Interval> pieces_at(const Indices& offsets, std::int64_t extent) {
  std::vector<Interval> result;
  for (const std::int64_t offset : offsets) {
    if (!result.empty() && result.back().high >= offset) {
      result.back().high = offset + extent;
    } else {
      result.push_back({offset, offset + extent});
    }
  }
  return result;
}

std::int64_t window_words(const Rank& rank, const WindowSides& sides) {
  return Window(rank, sides).sum();
}

bool may_coincide(const Rank& rank, const WindowSides& sides) {
  std::int64_t last = rank.offset;
  for (const WindowSide* side : sides) {
    last += side->coeff * (side->size - 1);
  }
  if (rank.offset >= 0 && last < rank.extent) {
    return false;
  }
  std::array<WindowSide, 2> tile = {*sides[0], *sides[1]};
  const WindowSides one = {&tile[0], &tile[1]};
  const std::int64_t hull = window_hull(one);
  std::int64_t gap = 1;
  for (WindowSide& side : tile) {
    side.bases = {0};
    gap = cut(side, 0).size() > 1 ? rank.extent : side.reach() > 1 ? std::max(gap, side.coeff) : gap;
  }
  Rank whole = rank;
  whole.offset = 0;
  whole.extent = hull;
  gap = window_words(whole, one) == hull ? 1 : gap;
  return hull >= std::max(rank.extent + 2 - gap, (rank.extent + 3) / 2);
}

std::int64_t window_hull(const WindowSides& sides) {
  std::int64_t last = 0;
  for (const WindowSide* side : sides) {
    last += side->coeff * (side->reach() - 1);
  }
  return last + 1;
}

}  // namespace weft::exact
