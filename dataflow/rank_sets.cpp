// SPDX-License-Identifier: Apache-2.0
#include "dataflow/rank_sets.hpp"

#include <algorithm>

#include "base/checked.hpp"

namespace weft {

namespace {

using Interval = CoordSet::Interval;

void clip(std::vector<Interval>& parts, std::int64_t extent) {
  for (Interval& part : parts) {
    part.low = std::max<std::int64_t>(part.low, 0);
    part.high = std::min(part.high, extent);
  }
  std::erase_if(parts, [](const Interval& part) { return part.low >= part.high; });
}

// A run of intervals shifted `count` times by `step`, in place.
std::vector<Interval> repeat(const std::vector<Interval>& parts, std::int64_t count, std::int64_t step) {
  if (parts.size() == 1 && parts[0].high - parts[0].low >= step) {
    return {{parts[0].low, parts[0].high + (count - 1) * step}};
  }
  std::vector<Interval> result;
  for (std::int64_t i = 0; i < count; ++i) {
    for (const Interval& part : parts) {
      result.push_back({part.low + i * step, part.high + i * step});
    }
  }
  return result;
}

}  // namespace

CoordSet::CoordSet(std::vector<Interval> parts) : parts_(std::move(parts)) {
  if (parts_.size() < 2) {
    return;
  }
  std::sort(parts_.begin(), parts_.end(), [](const Interval& a, const Interval& b) { return a.low < b.low; });
  std::size_t last = 0;
  for (std::size_t i = 1; i < parts_.size(); ++i) {
    if (parts_[i].low <= parts_[last].high) {
      parts_[last].high = std::max(parts_[last].high, parts_[i].high);
    } else {
      parts_[++last] = parts_[i];
    }
  }
  parts_.resize(last + 1);
}

std::int64_t CoordSet::size() const {
  std::int64_t sum = 0;
  for (const Interval& part : parts_) {
    sum += part.high - part.low;
  }
  return sum;
}

std::vector<std::int64_t> CoordSet::coordinates() const {
  std::vector<std::int64_t> result;
  result.reserve(static_cast<std::size_t>(size()));
  for (const Interval& part : parts_) {
    for (std::int64_t i = part.low; i < part.high; ++i) {
      result.push_back(i);
    }
  }
  return result;
}

CoordSet unite(const std::vector<CoordSet>& sets) {
  std::vector<Interval> parts;
  for (const CoordSet& set : sets) {
    parts.insert(parts.end(), set.parts().begin(), set.parts().end());
  }
  return CoordSet(std::move(parts));
}

CoordSet subtract(const CoordSet& from, const CoordSet& what) {
  std::vector<Interval> result;
  auto cut = what.parts().begin();
  for (Interval part : from.parts()) {
    while (cut != what.parts().end() && cut->high <= part.low) {
      ++cut;
    }
    for (auto hole = cut; hole != what.parts().end() && hole->low < part.high; ++hole) {
      if (hole->low > part.low) {
        result.push_back({part.low, hole->low});
      }
      part.low = std::max(part.low, hole->high);
    }
    if (part.low < part.high) {
      result.push_back(part);
    }
  }
  return CoordSet(std::move(result));
}

CoordSet touched(const Rank& rank, const std::vector<DimRange>& ranges, Footprint footprint) {
  std::vector<std::size_t> order(ranges.size());
  std::int64_t low = rank.offset;
  for (std::size_t i = 0; i < ranges.size(); ++i) {
    order[i] = i;
    low += rank.terms[i].coeff * ranges[i].low;
  }
  // Small coefficients first, so that a dense kernel becomes one interval before it is strided.
  std::sort(order.begin(), order.end(),
            [&](std::size_t a, std::size_t b) { return rank.terms[a].coeff < rank.terms[b].coeff; });
  std::vector<Interval> parts = {{low, low + 1}};
  for (const std::size_t i : order) {
    if (ranges[i].count > 1) {
      parts = repeat(parts, ranges[i].count, rank.terms[i].coeff);
    }
  }
  clip(parts, rank.extent);
  if (footprint == Footprint::kBoundingBox && !parts.empty()) {
    const auto by_low = [](const Interval& a, const Interval& b) { return a.low < b.low; };
    const auto by_high = [](const Interval& a, const Interval& b) { return a.high < b.high; };
    parts = {{std::min_element(parts.begin(), parts.end(), by_low)->low,
              std::max_element(parts.begin(), parts.end(), by_high)->high}};
  }
  return CoordSet(std::move(parts));
}

std::int64_t touched_count(const Rank& rank, std::int64_t coeff, const DimRange& range, Footprint footprint) {
  const std::int64_t low = rank.offset + coeff * range.low;
  const std::int64_t high = low + coeff * (range.count - 1);  // inclusive
  const std::int64_t skipped = low < 0 ? ceil_div(-low, coeff) : 0;
  const std::int64_t first = low + skipped * coeff;
  const std::int64_t last = std::min(high, rank.extent - 1);
  if (last < first) {
    return 0;
  }
  const std::int64_t count = (last - first) / coeff + 1;
  return footprint == Footprint::kUnion ? count : (count - 1) * coeff + 1;
}

}  // namespace weft
