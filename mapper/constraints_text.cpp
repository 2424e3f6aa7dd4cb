// The sentences behind a violation.
// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "mapper/constraints.hpp"

namespace weft {

namespace {

// "exactly 4", "at least 2", "at most 8", "2 to 8".
std::string words(const Range& range) {
  if (range.low == range.high) {
    return fmt::format("exactly {}", range.low);
  }
  if (range.high == std::numeric_limits<std::int64_t>::max()) {
    return fmt::format("at least {}", range.low);
  }
  return range.low <= 1 ? fmt::format("at most {}", range.high)
                        : fmt::format("{} to {}", range.low, range.high);
}

std::string percent(std::int64_t millionths) {
  return fmt::format("{:.4g} %", static_cast<double>(millionths) / 1e4);
}

}  // namespace

std::string_view name_of(Rule rule) {
  switch (rule) {
    case Rule::kTemporal:
      return "temporal";
    case Rule::kSpatial:
      return "spatial";
    case Rule::kExtent:
      return "tile";
    case Rule::kOrder:
      return "order";
    case Rule::kKeep:
      return "keep";
    case Rule::kFactors:
      return "factors";
    case Rule::kUtilization:
      return "utilization";
  }
  return "?";
}

std::string explain(const Violation& v, const Constraints& constraints, const Problem& problem,
                    const Accelerator& accelerator) {
  const bool on_machine = v.level >= 0 && v.level < accelerator.depth();
  const std::string where =
      on_machine ? accelerator.levels[static_cast<std::size_t>(v.level)].name : "mapping";
  const bool on_dim = v.index >= 0 && v.index < problem.rank();
  const std::string dim = on_dim ? problem.dims[static_cast<std::size_t>(v.index)].name : "?";
  const std::string by = constraints.name.empty() ? "" : fmt::format(" ({})", constraints.name);
  switch (v.rule) {
    case Rule::kTemporal:
      return fmt::format("{}: a temporal bound of {} for {}, the constraints{} want {}", where, v.has, dim,
                         by, words(v.allowed));
    case Rule::kSpatial:
      return fmt::format("{}: {} is spread over {} instances in {}, the constraints{} want {}", where, dim,
                         v.has, v.axis == Axis::kX ? 'X' : 'Y', by, words(v.allowed));
    case Rule::kExtent:
      return fmt::format("{}: tiles have {} of {}, the constraints{} want {}", where, v.has, dim, by,
                         words(v.allowed));
    case Rule::kOrder:
      return fmt::format("{}: the loop over {} is inside loops that the constraints{} want further in", where,
                         dim, by);
    case Rule::kKeep:
      return fmt::format("{}: {} are {}, the constraints{} want the opposite", where,
                         name_of(static_cast<Role>(v.index)), v.has == 1 ? "kept" : "bypassed", by);
    case Rule::kFactors:
      return fmt::format("{}: a bound of {} does not cut {} into equal tiles, the constraints{} want that",
                         where, v.has, dim, by);
    case Rule::kUtilization:
      return fmt::format("mapping: {} of the compute units work, the constraints{} want {}", percent(v.has),
                         by, percent(v.allowed.low));
  }
  return "?";
}

}  // namespace weft
