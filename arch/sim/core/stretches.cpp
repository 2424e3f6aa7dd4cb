// See stretches.hpp.
// SPDX-License-Identifier: Apache-2.0
#include "arch/sim/core/stretches.hpp"

#include <algorithm>
#include <map>

#include <fmt/format.h>

#include "base/checked.hpp"
#include "base/error.hpp"

namespace weft::sim {
namespace {

constexpr std::int64_t kMostEntries = std::int64_t{1} << 27;  // stretches times units of one step

// The number of a unit along one dim: the places of its digits among all units.
struct Digit {
  std::int64_t stride = 1, bound = 1, scale = 1;
};

// Units along a dim of an operand whose zeros are not skipped have equal lists, but for the last ones, which
// may have less: the first one stands for all.
bool alike(const Problem& problem, const Skip& skip, int dim) {
  const bool weights = relevant(problem.tensor(Role::kWeights), dim);
  const bool inputs = relevant(problem.tensor(Role::kInputs), dim);
  return (weights && !inputs && !skip.by[0]) || (inputs && !weights && !skip.by[1]);
}

// Indices by unit and, where a barrier cuts the dim, one by one: the n-th of every unit makes one stretch.
UnitClasses::DimClasses split(const IndexSet& set, const std::vector<Digit>& digits, bool cut) {
  UnitClasses::DimClasses result;
  std::map<std::int64_t, std::size_t> last;  // class of the unit
  for (const std::int64_t index : set) {
    std::int64_t unit = 0;
    for (const Digit& digit : digits) {
      unit += index / digit.stride % digit.bound * digit.scale;
    }
    const auto found = last.find(unit);
    if (found != last.end() && !cut) {
      result[found->second].indices.push_back(index);
      continue;
    }
    const std::int64_t group = found == last.end() ? 0 : result[found->second].group + 1;
    last[unit] = result.size();
    result.push_back({{index}, unit, group});
  }
  return result;
}

}  // namespace

bool cuts(const Problem& problem, const Skip& skip, int dim) {
  const std::string& name = problem.dims[static_cast<std::size_t>(dim)].name;
  return std::any_of(skip.barrier.begin(), skip.barrier.end(), [&](const std::string& word) {
    return word == "all" || word == name || word == name_of(class_of(problem, dim));
  });
}

std::int64_t makespan(const std::vector<std::int64_t>& work, std::int64_t units, std::int64_t window) {
  const auto n = static_cast<std::size_t>(units);
  const auto w = static_cast<std::size_t>(window);
  std::vector<std::int64_t> free_at(n, 0);
  std::vector<std::int64_t> done;
  for (std::size_t first = 0; first < work.size(); first += n) {
    const auto own = work.begin() + static_cast<std::ptrdiff_t>(first);
    if (std::all_of(own, own + units, [](std::int64_t cycles) { return cycles == 0; })) {
      continue;
    }
    const std::int64_t start = done.size() >= w ? done[done.size() - w] : 0;
    std::int64_t last = done.empty() ? 0 : done.back();
    for (std::size_t u = 0; u < n; ++u) {
      free_at[u] = std::max(free_at[u], start) + work[first + u];
      last = std::max(last, free_at[u]);
    }
    done.push_back(last);
  }
  return done.empty() ? 0 : done.back();
}

UnitClasses::UnitClasses(const Program& program, const Skip& skip, int levels) {
  const Problem& problem = program.problem;
  std::vector<std::vector<Digit>> digits(static_cast<std::size_t>(problem.rank()));
  for (const Spread& spread : program.spread) {
    // The multipliers of a Cartesian product share one list.
    if (skip.vectors[0] == 0 || spread.level + 1 < levels) {
      const bool one = alike(problem, skip, spread.dim);
      digits[static_cast<std::size_t>(spread.dim)].push_back({spread.stride, spread.bound, one ? 1 : units_});
      units_ = one ? units_ : checked_mul(units_, spread.bound);
    }
  }
  classes_.resize(digits.size());
  for (int d = 0; d < problem.rank(); ++d) {
    const auto dim = static_cast<std::size_t>(d);
    for (const IndexSet& set : program.dim_sets[dim]) {
      classes_[dim].push_back(split(set, digits[dim], cuts(problem, skip, d)));
      if (alike(problem, skip, d)) {
        std::erase_if(classes_[dim].back(), [](const Class& one) { return one.unit != 0; });
      }
    }
  }
}

UnitClasses::OfStep UnitClasses::of(const Step& step) const {
  OfStep result;
  for (std::size_t d = 0; d < classes_.size(); ++d) {
    result.dims.push_back(classes_[d][static_cast<std::size_t>(step.iteration[d])]);
  }
  for (std::size_t d = classes_.size(); d-- > 0;) {
    std::int64_t own = 0;
    for (Class& one : result.dims[d]) {
      own = std::max(own, one.group);
      one.group *= result.stretches;
    }
    result.stretches = checked_mul(result.stretches, own + 1);
  }
  if (checked_mul(result.stretches, units_) > kMostEntries) {
    throw ConfigError(
        {}, "too-large",
        fmt::format("a step has {} stretches between barriers on {} units", result.stretches, units_),
        "more steps make them shorter: --max-steps");
  }
  return result;
}

std::vector<ClassChoice> choices(const std::vector<int>& dims,
                                 const std::vector<UnitClasses::DimClasses>& classes) {
  std::vector<ClassChoice> result(1);
  for (const int d : dims) {
    std::vector<ClassChoice> next;
    for (const ClassChoice& outer : result) {
      for (const UnitClasses::Class& one : classes[static_cast<std::size_t>(d)]) {
        next.push_back(outer);
        next.back().classes.push_back(&one);
        next.back().unit += one.unit;
        next.back().group += one.group;
      }
    }
    result = std::move(next);
  }
  return result;
}

std::vector<IndexChoice> index_choices(const std::vector<int>& dims,
                                       const std::vector<UnitClasses::DimClasses>& classes) {
  std::vector<IndexChoice> result = {{std::vector<std::int64_t>(classes.size(), -1), 0, 0}};
  for (const int d : dims) {
    std::vector<IndexChoice> next;
    for (const IndexChoice& outer : result) {
      for (const UnitClasses::Class& one : classes[static_cast<std::size_t>(d)]) {
        for (const std::int64_t index : one.indices) {
          next.push_back(outer);
          next.back().indices[static_cast<std::size_t>(d)] = index;
          next.back().unit += one.unit;
          next.back().group += one.group;
        }
      }
    }
    result = std::move(next);
  }
  return result;
}

}  // namespace weft::sim
